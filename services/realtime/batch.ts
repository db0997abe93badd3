import type { MessageDto } from "../../utils/contract/schemas/messages.ts";

/** Every change of a room in (fromSeq, toSeq], as current state, oldest change first. */
export type Batch = { readonly roomId: string; readonly fromSeq: number; readonly toSeq: number; readonly messages: readonly MessageDto[] };

/** What a newcomer gets: the state up to `lastSeq`. */
export type Snapshot = { readonly messages: MessageDto[]; readonly lastSeq: number };

/** The messages of some batches over a snapshot: each message once, in its newest state, oldest change first. Without batches the same array. */
export function mergeBatches(messages: MessageDto[], batches: readonly Batch[]): MessageDto[] {
  if (batches.length === 0) return messages;
  const newest = new Map<string, MessageDto>();
  for (const message of [...messages, ...batches.flatMap((batch) => batch.messages)]) {
    const held = newest.get(message.id);
    if (held === undefined || held.changedSeq < message.changedSeq) newest.set(message.id, message);
  }
  return [...newest.values()].sort((a, b) => a.changedSeq - b.changedSeq);
}

/** Whether something was told that neither the reading saw nor the batches heard meanwhile hold. */
export function hasGap({ lastSeq }: Snapshot, heard: readonly Batch[], announcedSeq: number | null): boolean {
  let reached = lastSeq;
  for (const { fromSeq, toSeq } of heard) {
    if (fromSeq > reached) return true;
    reached = Math.max(reached, toSeq);
  }
  return announcedSeq !== null && announcedSeq > reached;
}
