import type { MessageDto } from "../../utils/contract/schemas/messages.ts";

/** Every change of a room in (fromSeq, toSeq], as current state, oldest change first. */
export type Batch = { readonly roomId: string; readonly fromSeq: number; readonly toSeq: number; readonly messages: readonly MessageDto[] };

/** The state of a joining client up to `lastSeq`. */
export type Snapshot = { readonly messages: MessageDto[]; readonly lastSeq: number };

/** Merges batches into a snapshot: each message once, in its latest state, oldest change first. Without batches, returns the same array. */
export function mergeBatches(messages: MessageDto[], batches: readonly Batch[]): MessageDto[] {
  if (batches.length === 0) return messages;
  const newest = new Map<string, MessageDto>();
  for (const message of [...messages, ...batches.flatMap((batch) => batch.messages)]) {
    const known = newest.get(message.id);
    if (known === undefined || known.changedSeq < message.changedSeq) newest.set(message.id, message);
  }
  return [...newest.values()].sort((a, b) => a.changedSeq - b.changedSeq);
}

/** Whether a published change is neither in the snapshot nor in the batches received meanwhile. */
export function hasGap({ lastSeq }: Snapshot, received: readonly Batch[], publishedSeq: number | null): boolean {
  let reached = lastSeq;
  for (const { fromSeq, toSeq } of received) {
    if (fromSeq > reached) return true;
    reached = Math.max(reached, toSeq);
  }
  return publishedSeq !== null && publishedSeq > reached;
}
