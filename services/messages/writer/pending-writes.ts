import type { LiveMessageDto, SentMessageDto } from "../../../utils/contract/schemas/messages.ts";
import type { Draft } from "./draft.ts";

/** Messages in one commit at most: more would make the acks of a burst wait for each other. */
export const MAX_BATCH = 1_000;

/** A draft that waits to be committed, and who waits for it. */
export type PendingWrite = {
  readonly draft: Draft;
  /** When it was handed in, in ms of the process's monotonic clock. */
  readonly since: number;
  readonly resolve: (message: SentMessageDto) => void;
  readonly reject: (error: unknown) => void;
};

/** What makes two drafts one message. */
export const keyOf = (draft: Draft): string => `${draft.author.id}:${draft.clientMessageId}`;

/** The same key twice in one batch: the first is written, the second waits for its answer. */
export function dedupeByKey(waiting: readonly PendingWrite[]): { firsts: PendingWrite[]; repeats: PendingWrite[] } {
  const seen = new Set<string>();
  const firsts: PendingWrite[] = [];
  const repeats: PendingWrite[] = [];
  for (const item of waiting) {
    const key = keyOf(item.draft);
    (seen.has(key) ? repeats : firsts).push(item);
    seen.add(key);
  }
  return { firsts, repeats };
}

/** A message as it was committed, and who is to be told so. */
type Committed = { readonly message: LiveMessageDto; readonly resolve: PendingWrite["resolve"] };

/** The messages that drafts became, by room and in the order in which they waited. Drafts that became none are left out. */
export function byRoom(
  waiting: readonly PendingWrite[],
  messageOf: (draft: Draft) => LiveMessageDto | undefined,
): Map<string, Committed[]> {
  const rooms = new Map<string, Committed[]>();
  for (const { draft, resolve } of waiting) {
    const message = messageOf(draft);
    if (message === undefined) continue;
    const room = rooms.get(message.roomId);
    if (room) room.push({ message, resolve });
    else rooms.set(message.roomId, [{ message, resolve }]);
  }
  return rooms;
}
