import type { Clock } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/users.ts";
import type { Publisher } from "../realtime/publisher.ts";

/** People told to be writing at once; a room does not need more names than these. */
const NAMES = 10;

/** Who is writing in which room, on this node. Told in gathered lists; an entry dies by itself. */
export type Typing = {
  start(roomId: string, author: AuthorDto): void;
  stop(roomId: string, userId: string): void;
  /** Tells what changed since the last call; to be called every `gatherMs`. */
  flush(): void;
};

type Entry = { author: AuthorDto; diesAt: number };

export function createTyping(publish: Publisher, now: Clock): Typing {
  const rooms = new Map<string, Map<string, Entry>>();
  const changed = new Set<string>();

  function expire(roomId: string, entries: Map<string, Entry>): void {
    for (const [userId, { diesAt }] of entries) {
      if (diesAt > now().getTime()) continue;
      entries.delete(userId);
      changed.add(roomId);
    }
  }

  return {
    start(roomId, author) {
      const entries = rooms.get(roomId) ?? new Map<string, Entry>();
      if (!entries.has(author.id)) changed.add(roomId);
      rooms.set(roomId, entries.set(author.id, { author, diesAt: now().getTime() + limits.typingMs }));
    },
    stop(roomId, userId) {
      if (rooms.get(roomId)?.delete(userId)) changed.add(roomId);
    },
    flush() {
      for (const [roomId, entries] of rooms) expire(roomId, entries);
      for (const roomId of changed) {
        const entries = rooms.get(roomId);
        publish.userTyping({ roomId, users: [...(entries?.values() ?? [])].slice(0, NAMES).map(({ author }) => author) });
        if (entries?.size === 0) rooms.delete(roomId);
      }
      changed.clear();
    },
  };
}
