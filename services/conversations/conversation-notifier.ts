import type pg from "pg";
import type { Clock } from "../../utils/clock.ts";
import type { Publisher } from "../realtime/publisher.ts";
import type { ConversationCache, ConversationMember } from "./conversation-cache.ts";
import { presentViews } from "./present.ts";
import { type Pair, readViews } from "./read.ts";
import { presentReadState, readReceipts } from "./visibility.ts";

/** Batches changes of conversations and read states: each user and room is notified once per batch, with the current state. */
export type ConversationNotifier = {
  /** Queues a change of a conversation for all its members, or for the given ones. */
  notifyChanged(roomId: string, to?: readonly string[]): void;
  /** Queues a change of what a user has read or received in a room. */
  notifyRead(roomId: string, userId: string): void;
  /** Returns the `changedAt` of the last published version of a conversation on this node; undefined if none. */
  lastNotifiedAt(roomId: string): number | undefined;
  /** Publishes the batch; to be called every `gatherMs`. */
  flush(): Promise<void>;
};

/** Each member receives their own view of a conversation; a busy one is published at most once per this time. */
const PAUSE_MS = 1_000;

/** How long the last notification of a conversation is remembered. */
const KEPT_MS = 60_000;

/** A user to whom a conversation is published. */
type Recipient = Pair & { readonly member: ConversationMember };

type LastNotification = { readonly at: number; readonly changedAt: number };

/** How long the recipients of an invitation are remembered: longer than an invitation counts as new. */
const INVITED_MS = 60_000;

/** Null for all members. */
type Waiting = Map<string, Set<string> | null>;

type Options = {
  pool: pg.Pool;
  now: Clock;
  publish: Publisher;
  conversations: ConversationCache;
  isConnected: (userId: string) => boolean;
};

function createLastNotifications() {
  const lastNotifications = new Map<string, LastNotification>();
  return {
    get: (roomId: string): LastNotification | undefined => lastNotifications.get(roomId),
    set: (roomId: string, changedAt: number): void => void lastNotifications.set(roomId, { at: performance.now(), changedAt }),
    removeExpired(): void {
      const before = performance.now() - KEPT_MS;
      for (const [roomId, { at }] of lastNotifications) if (at < before) lastNotifications.delete(roomId);
    },
  };
}

/** Remembers which invitations were published: members who have not accepted a group receive the invitation once, and nothing else. */
function createInvited() {
  const published = new Map<string, number>();
  return {
    isNew: (roomId: string, { userId, invitedAt }: ConversationMember): boolean =>
      invitedAt !== null && published.get(`${roomId} ${userId} ${invitedAt}`) === undefined,
    remember(roomId: string, { userId, invitedAt }: ConversationMember): void {
      published.set(`${roomId} ${userId} ${invitedAt}`, performance.now());
    },
    removeExpired(): void {
      const before = performance.now() - INVITED_MS;
      for (const [key, at] of published) if (at < before) published.delete(key);
    },
  };
}

export function createConversationNotifier({ pool, now, publish, conversations, isConnected }: Options): ConversationNotifier {
  const lastNotifications = createLastNotifications();
  const invited = createInvited();
  const waiting: Waiting = new Map();
  let reads = new Map<string, Pair>();

  /** Takes the conversations that may be published now; a recently published conversation waits. */
  function takeDue(): Waiting {
    const due: Waiting = new Map();
    for (const [roomId, to] of waiting) {
      if (performance.now() - (lastNotifications.get(roomId)?.at ?? Number.NEGATIVE_INFINITY) < PAUSE_MS) continue;
      due.set(roomId, to);
      waiting.delete(roomId);
    }
    return due;
  }

  /** Returns the members of one conversation to be notified of its change. */
  async function recipientsOf(roomId: string, to: ReadonlySet<string> | null): Promise<Recipient[]> {
    const members = (await conversations.membersOf(roomId)) ?? [];
    return members
      .filter((member) => isConnected(member.userId) && to?.has(member.userId) !== false)
      .filter((member) => member.isRecipient || invited.isNew(roomId, member))
      .map((member) => ({ roomId, userId: member.userId, member }));
  }

  async function pairsOf(due: Waiting): Promise<Recipient[]> {
    return (await Promise.all([...due].map(([roomId, to]) => recipientsOf(roomId, to)))).flat();
  }

  async function publishChanged(due: Waiting): Promise<void> {
    const pairs = await pairsOf(due);
    if (pairs.length === 0) return;
    const found = await readViews(pool, pairs, now());
    for (const { view_room_id, changed_at } of found.views) lastNotifications.set(view_room_id, changed_at.getTime());
    for (const { userId, conversation } of presentViews(found)) publish.conversationChanged(userId, conversation);
    for (const { roomId, member } of pairs) if (!member.isRecipient) invited.remember(roomId, member);
  }

  async function publishRead(pairs: readonly Pair[]): Promise<void> {
    if (pairs.length === 0) return;
    for (const row of await readReceipts(pool, pairs)) {
      const { own, others } = presentReadState(row);
      publish.readChanged([row.user_id], own);
      publish.readChanged(row.recipients, others);
    }
  }

  function notifyChanged(roomId: string, to?: Iterable<string>): void {
    const known = waiting.get(roomId);
    if (to === undefined || known === null) waiting.set(roomId, null);
    else waiting.set(roomId, new Set([...(known ?? []), ...to]));
  }

  const notifyRead = (roomId: string, userId: string): void => void reads.set(`${roomId} ${userId}`, { roomId, userId });

  return {
    notifyChanged,
    notifyRead,
    lastNotifiedAt: (roomId) => lastNotifications.get(roomId)?.changedAt,
    async flush() {
      lastNotifications.removeExpired();
      invited.removeExpired();
      const due = takeDue();
      const pairs = [...reads.values()];
      reads = new Map();
      try {
        await Promise.all([publishChanged(due), publishRead(pairs)]);
      } catch (error) {
        // The database is unreachable: retry once it is back.
        for (const [roomId, to] of due) notifyChanged(roomId, to ?? undefined);
        for (const { roomId, userId } of pairs) notifyRead(roomId, userId);
        throw error;
      }
    },
  };
}
