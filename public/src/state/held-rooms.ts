import type { RoomLog } from "./room-log.ts";

const MOST = 8;

/** The logs of rooms left a moment ago: coming back asks only for what was missed. */
const held = new Map<string, RoomLog>();

export const heldLog = (roomId: string): RoomLog | undefined => held.get(roomId);

export function holdLog(roomId: string, log: RoomLog): void {
  held.delete(roomId);
  held.set(roomId, log);
  const oldest = held.keys().next().value;
  if (held.size > MOST && oldest) held.delete(oldest);
}

export const dropLog = (roomId: string): void => void held.delete(roomId);

/** Another person sits here now: nothing of the last one's is kept. */
export const dropAllLogs = (): void => held.clear();
