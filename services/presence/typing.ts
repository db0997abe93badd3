import type { Clock } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import { shouldFlush } from "./flush-interval.ts";
import type { PresenceRegistry } from "./presence-registry.ts";

/** People told to be writing at once; a room does not need more names than these. */
const NAMES = 10;

/** Who is writing in which room, on this node. Told in gathered lists; an entry dies by itself. */
export type Typing = {
  /** `hearers` are the members of a conversation who may know; null stands for everybody in a language room. */
  start(roomId: string, author: AuthorDto, hearers: readonly string[] | null): void;
  stop(roomId: string, userId: string): void;
  /** Tells what changed since the last time, in a crowd less often; to be called every `gatherMs`. */
  flush(): void;
};

type Entry = { author: AuthorDto; diesAt: number; hearers: readonly string[] | null };

export function createTyping(publish: Publisher, presence: Pick<PresenceRegistry, "onlineCount">, now: Clock): Typing {
  const rooms = new Map<string, Map<string, Entry>>();
  /** Rooms that are to be told, and in conversations who. */
  const changed = new Map<string, Set<string> | null>();
  let turn = 0;

  function note(roomId: string, { hearers }: Entry): void {
    if (hearers === null) changed.set(roomId, null);
    else changed.set(roomId, new Set([...(changed.get(roomId) ?? []), ...hearers]));
  }

  function expire(roomId: string, entries: Map<string, Entry>): void {
    for (const [userId, entry] of entries) {
      if (entry.diesAt > now().getTime()) continue;
      entries.delete(userId);
      note(roomId, entry);
    }
  }

  const namesOf = (entries: readonly Entry[]): AuthorDto[] => entries.slice(0, NAMES).map(({ author }) => author);

  function tell(roomId: string, to: ReadonlySet<string> | null): void {
    const entries = [...(rooms.get(roomId)?.values() ?? [])];
    if (to === null) publish.userTyping({ roomId, users: namesOf(entries) }, null);
    for (const hearer of to ?? []) {
      const heard = entries.filter(({ hearers }) => hearers?.includes(hearer));
      publish.userTyping({ roomId, users: namesOf(heard) }, hearer);
    }
  }

  return {
    start(roomId, author, hearers) {
      const entries = rooms.get(roomId) ?? new Map<string, Entry>();
      const entry = { author, diesAt: now().getTime() + limits.typingMs, hearers };
      if (!entries.has(author.id)) note(roomId, entry);
      rooms.set(roomId, entries.set(author.id, entry));
    },
    stop(roomId, userId) {
      const entry = rooms.get(roomId)?.get(userId);
      if (entry === undefined) return;
      rooms.get(roomId)?.delete(userId);
      note(roomId, entry);
    },
    flush() {
      turn += 1;
      for (const [roomId, entries] of rooms) expire(roomId, entries);
      for (const [roomId, to] of changed) {
        if (!shouldFlush(roomId, presence.onlineCount(roomId), turn)) continue;
        changed.delete(roomId);
        tell(roomId, to);
        if (rooms.get(roomId)?.size === 0) rooms.delete(roomId);
      }
    },
  };
}
