import { type RoomLog, renamedIn } from "../../../../utils/client/rooms/room-log.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

const MOST = 8;

/** Logs of recently closed rooms: reopening one only loads the missed messages. */
const cache = new Map<string, RoomLog>();

export const cachedLog = (roomId: string): RoomLog | undefined => cache.get(roomId);

export function cacheLog(roomId: string, log: RoomLog): void {
  cache.delete(roomId);
  cache.set(roomId, log);
  const oldest = cache.keys().next().value;
  if (cache.size > MOST && oldest) cache.delete(oldest);
}

export const dropLog = (roomId: string): void => void cache.delete(roomId);

/** Renames a user in all cached logs. */
export function renameInLogs(user: AuthorDto): void {
  for (const [roomId, log] of cache) cache.set(roomId, renamedIn(log, user));
}

/** Clears the cache when the user changes. */
export const dropAllLogs = (): void => cache.clear();
