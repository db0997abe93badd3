import type { ConversationDto, ConversationMemberDto } from "../../utils/contract/schemas/conversations.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { type MessageRow, presentLiveMessage } from "../messages/present.ts";
import type { IsBlocked, MemberRow, ViewRow, Views } from "./read.ts";

/** The viewer's row, and the blocks between the members. */
type Perspective = { readonly view: ViewRow; readonly isBlocked: IsBlocked };

/** Whether the viewer may see more of a member than the name: themselves, or an active member without a block. */
function isOpen({ view, isBlocked }: Perspective, member: MemberRow): boolean {
  if (member.user_id === view.user_id) return true;
  return view.state === "active" && member.state === "active" && !isBlocked(view.user_id, member.user_id);
}

function presentMember(perspective: Perspective, member: MemberRow): ConversationMemberDto {
  const isVisible = isOpen(perspective, member);
  const showsReceipts =
    isVisible && (member.user_id === perspective.view.user_id || (member.shows_receipts && perspective.view.shows_receipts));
  return {
    id: member.user_id,
    displayName: member.displayName,
    avatarUrl: member.avatarUrl,
    kind: member.kind,
    role: member.role,
    status: isVisible ? member.status : "offline",
    lastReadSeq: showsReceipts ? member.last_read_seq : null,
    receivedSeq: showsReceipts ? member.received_seq : null,
    // A declined request still appears as requested, so that the decline is not revealed.
    state: member.state ?? "requested",
  };
}

const newestOf = (view: ViewRow) => (view.id === null ? null : presentLiveMessage(view as MessageRow));

/** Returns the other member of a direct conversation. */
const peerIn = (view: ViewRow, members: readonly MemberRow[]): MemberRow | undefined =>
  view.kind === "direct" ? members.find(({ user_id }) => user_id !== view.user_id) : undefined;

/** Returns who invited the viewer to the conversation, until they accept it. */
function inviterOf({ state, inviter_id: id, ...view }: ViewRow): AuthorDto | null {
  const { inviter_name: displayName, inviter_kind: kind, inviter_role: role } = view;
  if (state !== "requested" || id === null || displayName === null || kind === null || role === null) return null;
  return { id, displayName, avatarUrl: view.inviter_avatar, kind, role };
}

/** Returns the owner, who may remove members: the creator of the group, or after they left, the member who joined first. */
export const ownerAmong = (ownerId: string | null, members: readonly Pick<MemberRow, "user_id" | "state">[]): string | null => {
  const active = members.filter(({ state }) => state === "active");
  return active.find(({ user_id }) => user_id === ownerId)?.user_id ?? active[0]?.user_id ?? null;
};

function presentView(perspective: Perspective, members: readonly MemberRow[]): ConversationDto {
  const { view } = perspective;
  const peer = peerIn(view, members);
  const people = members.map((member) => presentMember(perspective, member));
  return {
    id: view.view_room_id,
    kind: view.kind,
    loungeId: null,
    languageCode: null,
    name: view.name,
    topic: view.topic,
    slowModeMs: view.slow_mode_ms,
    lastSeq: view.last_seq,
    onlineCount: people.filter(({ status }) => status !== "offline").length,
    ownerId: view.kind === "group" ? ownerAmong(view.owner_id, members) : null,
    me: {
      canSend: !view.is_muted && view.write_access !== "denied",
      mutedUntil: view.muted_until?.toISOString() ?? null,
      lastReadSeq: view.last_read_seq,
      state: view.state,
      level: view.level,
    },
    members: people,
    unreadCount: view.unread_count,
    mentionCount: view.mention_count,
    lastMessage: newestOf(view),
    invitedBy: inviterOf(view),
    waitsForAcceptance: peer !== undefined && view.state === "active" && peer.state !== "active",
  };
}

/** Converts conversations to their API format, each from its member's perspective. */
export const presentViews = ({ views, members, isBlocked }: Views): { userId: string; conversation: ConversationDto }[] =>
  views.map((view) => ({
    userId: view.user_id,
    conversation: presentView({ view, isBlocked }, members.get(view.view_room_id) ?? []),
  }));
