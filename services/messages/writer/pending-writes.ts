import type { LiveMessageDto, SentMessageDto } from "../../../utils/contract/schemas/messages.ts";
import type { Draft } from "./draft.ts";

/** The maximum number of messages per commit: larger batches would delay the acks of a burst. */
export const MAX_BATCH = 1_000;

/** A draft that waits to be committed, and the callbacks of its sender. */
export type PendingWrite = {
  readonly draft: Draft;
  /** When it was queued, in ms of the process's monotonic clock. */
  readonly since: number;
  readonly resolve: (message: SentMessageDto) => void;
  readonly reject: (error: unknown) => void;
};

/** Returns the key that identifies a message; drafts with the same key are the same message. */
export const keyOf = (draft: Draft): string => `${draft.author.id}:${draft.clientMessageId}`;

/** Separates repeated keys in one batch: the first is written, the second waits for its result. */
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

/** A committed message, and the callback of its sender. */
type Committed = { readonly message: LiveMessageDto; readonly resolve: PendingWrite["resolve"] };

/** Groups the committed messages of drafts by room, in the order in which they waited. Drafts without a message are omitted. */
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
