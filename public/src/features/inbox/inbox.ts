import { computed, signal } from "@preact/signals";
import type { ConversationDto, ConversationMemberDto } from "../../../../utils/contract/schemas/conversations.ts";
import type { Failure } from "../../api.ts";
import { currentUser } from "../session/session.ts";
import { countOf, readings } from "../unread/unread.ts";

/** The user's conversations by ID, including pending requests; null until loaded. */
export const inbox = signal<ReadonlyMap<string, ConversationDto> | null>(null);
export const inboxFailure = signal<Failure | null>(null);

/** Conversations that will be left or declined within seconds, unless that is undone (`leaving.ts`). The lists do not show them. */
export const leaving = signal<ReadonlySet<string>>(new Set());

/** Returns the time of the last activity: the last message, or the creation time contained in the ID. */
const movedAt = ({ id, lastMessage }: ConversationDto): number =>
  lastMessage ? Date.parse(lastMessage.createdAt) : Number.parseInt(id.replace("-", "").slice(0, 12), 16);

const shown = computed(() => [...(inbox.value?.values() ?? [])].filter((one) => !leaving.value.has(one.id)));

const sorted = computed(() => [...shown.value].sort((a, b) => movedAt(b) - movedAt(a)));

/** Active conversations, newest first. */
export const conversations = computed(() => sorted.value.filter((one) => one.me.state === "active"));
export const requests = computed(() => sorted.value.filter((one) => one.me.state === "requested"));

export const conversationOf = (roomId: string): ConversationDto | undefined => inbox.value?.get(roomId);

export const othersIn = (conversation: ConversationDto): ConversationMemberDto[] =>
  conversation.members.filter((one) => one.id !== currentUser.value?.id);

/** Returns the other member of a direct conversation; undefined in a group, and if the other account is deleted. */
export const partnerIn = (conversation: ConversationDto): ConversationMemberDto | undefined =>
  conversation.kind === "direct" ? othersIn(conversation)[0] : undefined;

/** Returns the direct conversation with a user, if there is one. */
export const conversationWith = (userId: string): ConversationDto | undefined => sorted.value.find((one) => partnerIn(one)?.id === userId);

/** The count that the page's badge shows: messages in conversations, mentions in rooms. */
export const attention = computed(() => {
  const known = inbox.value;
  let sum = 0;
  for (const [roomId, { level, mentionCount }] of readings.value) {
    const conversation = known?.get(roomId);
    if (leaving.value.has(roomId)) continue;
    if (conversation) sum += conversation.me.state === "active" ? countOf(roomId) : 0;
    else if (level !== "mute") sum += mentionCount;
  }
  return sum;
});

/** Number of unread messages of all conversations. */
export const unreadInInbox = computed(() => conversations.value.reduce((sum, one) => sum + countOf(one.id), 0));
