import { type RoomLog, renamedIn } from "../../../../utils/client/rooms/room-log.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

const MOST = 8;

/** The logs of rooms left a moment ago: coming back asks only for what was missed. */
const held = new Map<string, RoomLog>();

export const cachedLog = (roomId: string): RoomLog | undefined => held.get(roomId);

export function cacheLog(roomId: string, log: RoomLog): void {
  held.delete(roomId);
  held.set(roomId, log);
  const oldest = held.keys().next().value;
  if (held.size > MOST && oldest) held.delete(oldest);
}

export const dropLog = (roomId: string): void => void held.delete(roomId);

/** Somebody bears another name now, in what they wrote before too. */
export function renameInLogs(user: AuthorDto): void {
  for (const [roomId, log] of held) held.set(roomId, renamedIn(log, user));
}

/** Another person sits here now: nothing of the last one's is kept. */
export const dropAllLogs = (): void => held.clear();
