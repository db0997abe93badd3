import type { Services } from "../context.ts";
import { readHeads } from "../messages/queries.ts";

/**
 * Finds rooms whose counter moved on without an announcement here: committed by another node, or by one that died
 * before it could tell. A room must be behind twice in a row, so that a commit just being told is left alone.
 */
export function createHeadPoller(services: Services): () => Promise<void> {
  let suspects = new Map<string, number>();
  return async () => {
    const told = services.roomBroadcaster.heads();
    if (told.size === 0) return;
    const heads = await readHeads(services.reservedPool, [...told.keys()]);
    const behind = new Map([...told].filter(([roomId, seq]) => (heads.get(roomId) ?? 0) > seq));
    const silent = [...behind].filter(([roomId, seq]) => suspects.get(roomId) === seq);
    suspects = behind;
    await Promise.all(silent.map(([roomId]) => services.roomBroadcaster.catchUp(roomId)));
  };
}
