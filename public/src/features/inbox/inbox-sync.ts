import { batch, effect } from "@preact/signals";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { onConnected, pulse } from "../../shared/connection/connection.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { onOwnerChange } from "../../storage.ts";
import { lounges } from "../lobby/lounges.ts";
import { me } from "../session/me.ts";
import { currentUser } from "../session/session.ts";
import { markReceived } from "../unread/read-receipts.ts";
import { attentive, changeReading, readingOf } from "../unread/unread.ts";
import { conversationOf, inbox, inboxFailure } from "./inbox.ts";
import { dropConversation, hasMovedOn, keepConversation, loadInbox, loadReadings, lookUp } from "./inbox-load.ts";

/** Recounts when the list of lounges shows activity in a visited room. The server would reject the request of a banned user. */
function countWhenRoomsMove(): void {
  effect(() => {
    if (!me.value || me.value.ban) return;
    const rooms = (lounges.value ?? []).flatMap((one) => one.rooms);
    if (rooms.some(hasMovedOn)) void loadReadings();
  });
}

const capped = (count: number): number => Math.min(limits.unreadCount, count);

/** Counts other users' new messages, in rooms and conversations. */
function count({ roomId, fromSeq, messages }: ServerEventPayload<"messages_changed">): void {
  const reading = readingOf(roomId);
  const myId = currentUser.peek()?.id;
  if (!reading || !myId || attentive.peek() === roomId) return;
  const unread = messages.filter(isLive).filter((one) => one.seq > Math.max(fromSeq, reading.lastReadSeq) && one.author.id !== myId);
  if (unread.length === 0) return;
  changeReading(roomId, { unreadCount: capped(reading.unreadCount + unread.length) });
}

/** Counts a mention or a reply; notifications of the moderation belong to no room. */
function named({ roomId, kind }: NotificationDto): void {
  if (roomId === null || kind === "message_request" || attentive.peek() === roomId) return;
  const reading = readingOf(roomId);
  if (!reading) return;
  changeReading(roomId, { mentionCount: capped(reading.mentionCount + 1) });
}

/** Returns the last message after a change; a deleted one becomes null until the list is loaded again. */
function newestOf({ lastMessage }: ConversationDto, { messages }: ServerEventPayload<"messages_changed">): ConversationDto["lastMessage"] {
  const gone = messages.some((one) => one.id === lastMessage?.id && !isLive(one));
  return messages.filter(isLive).reduce((last, one) => (last && last.seq > one.seq ? last : one), gone ? null : lastMessage);
}

function messagesChanged(event: ServerEventPayload<"messages_changed">): void {
  const conversation = conversationOf(event.roomId);
  if (conversation && event.toSeq <= conversation.lastSeq) return;
  batch(() => {
    count(event);
    if (!conversation) return;
    inbox.value = new Map(inbox.peek()).set(event.roomId, {
      ...conversation,
      lastSeq: event.toSeq,
      lastMessage: newestOf(conversation, event),
    });
  });
  if (conversation?.me.state === "active") markReceived(event.roomId, event.toSeq);
  if (conversation && event.fromSeq > conversation.lastSeq) void lookUp(event.roomId);
}

function readChanged({ roomId, userId, seq, receivedSeq, unreadCount, mentionCount }: ServerEventPayload<"read_changed">): void {
  if (userId === currentUser.peek()?.id) {
    if (seq < (readingOf(roomId)?.lastReadSeq ?? 0)) return;
    changeReading(roomId, {
      lastReadSeq: seq,
      ...(unreadCount !== undefined && { unreadCount }),
      ...(mentionCount !== undefined && { mentionCount }),
    });
    return;
  }
  changeMembers(roomId, (one) => (one.id === userId ? { ...one, lastReadSeq: seq, receivedSeq } : one));
}

type Member = ConversationDto["members"][number];

function changeMembers(roomId: string, change: (member: Member) => Member): void {
  const conversation = conversationOf(roomId);
  if (!conversation) return;
  const members = conversation.members.map(change);
  if (members.some((one, at) => one !== conversation.members[at]))
    inbox.value = new Map(inbox.peek()).set(roomId, { ...conversation, members });
}

const changeEverywhere = (change: (member: Member) => Member): void => {
  batch(() => {
    for (const roomId of inbox.peek()?.keys() ?? []) changeMembers(roomId, change);
  });
};

const renamed = (user: AuthorDto): void => changeEverywhere((one) => (one.id === user.id ? { ...one, ...user } : one));

function moved({ users }: ServerEventPayload<"presence_changed">): void {
  const now = new Map(users.map((one) => [one.id, one.status]));
  changeEverywhere((one) => {
    const status = now.get(one.id);
    return status && status !== one.status ? { ...one, status } : one;
  });
}

/** Reloads conversations whose latest sequence number is higher than the known one: their last event was lost. */
function lookUpOutdated(heads: Readonly<Record<string, number>>): void {
  for (const [roomId, head] of Object.entries(heads)) {
    const conversation = conversationOf(roomId);
    if (conversation && head > conversation.lastSeq) void lookUp(roomId);
  }
}

/** Keeps conversations and unread counts in sync with the server in every view. */
export function watchInbox(): void {
  onServerEvent("messages_changed", messagesChanged);
  onServerEvent("read_changed", readChanged);
  onServerEvent("conversation_changed", keepConversation);
  onServerEvent("conversation_left", ({ roomId }) => dropConversation(roomId));
  onServerEvent("notification_created", named);
  onServerEvent("user_changed", ({ user }) => renamed(user));
  onServerEvent("presence_changed", moved);
  pulse.onHeads(lookUpOutdated);
  onConnected(() => {
    void loadInbox().then(loadReadings);
  });
  countWhenRoomsMove();
  onOwnerChange(() => {
    inbox.value = null;
    inboxFailure.value = null;
  });
}
