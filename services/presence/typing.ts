import type { Clock } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import { shouldFlush } from "./flush-interval.ts";
import type { PresenceRegistry } from "./presence-registry.ts";

/** The maximum number of names in a typing event; a room does not need more. */
const NAMES = 10;

/** The typing users of each room, on this node. Published in batches; an entry expires automatically. */
export type Typing = {
  /** `recipients` are the recipients in a conversation; null means everyone in a language room. */
  start(roomId: string, author: AuthorDto, recipients: readonly string[] | null): void;
  stop(roomId: string, userId: string): void;
  /** Publishes the changes since the last flush, for large rooms less often; to be called every `gatherMs`. */
  flush(): void;
};

type Entry = { author: AuthorDto; diesAt: number; recipients: readonly string[] | null };

export function createTyping(publish: Publisher, presence: Pick<PresenceRegistry, "onlineCount">, now: Clock): Typing {
  const rooms = new Map<string, Map<string, Entry>>();
  /** Rooms with changes, and in conversations the recipients. */
  const changed = new Map<string, Set<string> | null>();
  let turn = 0;

  function markChanged(roomId: string, { recipients }: Entry): void {
    if (recipients === null) changed.set(roomId, null);
    else changed.set(roomId, new Set([...(changed.get(roomId) ?? []), ...recipients]));
  }

  function expire(roomId: string, entries: Map<string, Entry>): void {
    for (const [userId, entry] of entries) {
      if (entry.diesAt > now().getTime()) continue;
      entries.delete(userId);
      markChanged(roomId, entry);
    }
  }

  const namesOf = (entries: readonly Entry[]): AuthorDto[] => entries.slice(0, NAMES).map(({ author }) => author);

  function publishRoom(roomId: string, to: ReadonlySet<string> | null): void {
    const entries = [...(rooms.get(roomId)?.values() ?? [])];
    if (to === null) publish.userTyping({ roomId, users: namesOf(entries) }, null);
    for (const recipient of to ?? []) {
      const visible = entries.filter(({ recipients }) => recipients?.includes(recipient));
      publish.userTyping({ roomId, users: namesOf(visible) }, recipient);
    }
  }

  return {
    start(roomId, author, recipients) {
      const entries = rooms.get(roomId) ?? new Map<string, Entry>();
      const entry = { author, diesAt: now().getTime() + limits.typingMs, recipients };
      if (!entries.has(author.id)) markChanged(roomId, entry);
      rooms.set(roomId, entries.set(author.id, entry));
    },
    stop(roomId, userId) {
      const entry = rooms.get(roomId)?.get(userId);
      if (entry === undefined) return;
      rooms.get(roomId)?.delete(userId);
      markChanged(roomId, entry);
    },
    flush() {
      turn += 1;
      for (const [roomId, entries] of rooms) expire(roomId, entries);
      for (const [roomId, to] of changed) {
        if (!shouldFlush(roomId, presence.onlineCount(roomId), turn)) continue;
        changed.delete(roomId);
        publishRoom(roomId, to);
        if (rooms.get(roomId)?.size === 0) rooms.delete(roomId);
      }
    },
  };
}
