import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { MemberDto, RoomForMeDto } from "../../utils/contract/schemas/rooms.ts";

/** Returns the members of a conversation in the format of room members. */
export const membersOf = ({ members }: Pick<ConversationDto, "members">): MemberDto[] =>
  members.map(({ lastReadSeq: _read, receivedSeq: _received, state: _state, ...person }) => person);

/** Converts a conversation to the format of any other room. */
export function roomOfConversation(conversation: ConversationDto): RoomForMeDto {
  const { members: _members, unreadCount: _unread, mentionCount: _mentions, lastMessage: _message, ...rest } = conversation;
  const { ownerId: _owner, invitedBy: _inviter, waitsForAcceptance: _waits, me, ...room } = rest;
  return { ...room, me: { canSend: me.canSend, mutedUntil: me.mutedUntil, lastReadSeq: me.lastReadSeq } };
}
