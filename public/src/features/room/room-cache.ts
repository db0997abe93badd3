import { type RoomLog, renamedIn } from "../../../../utils/client/rooms/room-log.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

const MOST = 8;

/** Logs of recently closed rooms: reopening one only loads the missed messages. */
const held = new Map<string, RoomLog>();

export const cachedLog = (roomId: string): RoomLog | undefined => held.get(roomId);

export function cacheLog(roomId: string, log: RoomLog): void {
  held.delete(roomId);
  held.set(roomId, log);
  const oldest = held.keys().next().value;
  if (held.size > MOST && oldest) held.delete(oldest);
}

export const dropLog = (roomId: string): void => void held.delete(roomId);

/** Renames a user in all cached logs. */
export function renameInLogs(user: AuthorDto): void {
  for (const [roomId, log] of held) held.set(roomId, renamedIn(log, user));
}

/** Clears the cache when the user changes. */
export const dropAllLogs = (): void => held.clear();
