import type { Seen } from "./history.ts";

/** The subset of the contract's types that a client needs, defined here again so that the product cannot change both at once. */
export type WireMessage = {
  readonly id: string;
  readonly seq: number;
  readonly changedSeq: number;
  readonly deletedAt: string | null;
  readonly text?: string;
  readonly reactions?: readonly { readonly emoji: string; readonly userIds: readonly string[] }[];
  readonly replyTo?: { readonly id: string; readonly excerpt: string | null } | null;
};

export type Synced = { readonly messages: readonly WireMessage[]; readonly lastSeq: number; readonly hasMore: boolean };
export type Joined = Synced & { readonly epoch: string; readonly isSnapshot: boolean };

export type Told = {
  readonly roomId: string;
  readonly epoch: string;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly messages: readonly Seen[];
};

const TOLD = '42["messages_changed",';
const KEPT = 50;

/** The parsed form of each broadcast: fifty clients receive the same one. */
const known = new Map<string, Told>();

export const signsOf = (reactions: WireMessage["reactions"]): string[] =>
  (reactions ?? []).flatMap(({ emoji, userIds }) => userIds.map((userId) => `${emoji} ${userId}`)).sort();

export function seenOf({ id, seq, changedSeq, deletedAt, text = "", reactions, replyTo }: WireMessage): Seen {
  if (deletedAt !== null) return { id, seq, changedSeq, text: null, reactions: [], replyTo: null };
  const parent = replyTo ? { id: replyTo.id, excerpt: replyTo.excerpt } : null;
  return { id, seq, changedSeq, text, reactions: signsOf(reactions), replyTo: parent };
}

/** Parses a broadcast of a room's changes; returns null for any other event. */
export function read(packet: string): Told | null {
  if (!packet.startsWith(TOLD)) return null;
  const found = known.get(packet);
  if (found) return found;
  const payload = (JSON.parse(packet.slice(2)) as [string, Omit<Told, "messages"> & { messages: WireMessage[] }])[1];
  const batch = { ...payload, messages: payload.messages.map(seenOf) };
  known.set(packet, batch);
  for (const [oldest] of known) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
  return batch;
}
