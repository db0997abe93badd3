import type { Services } from "../context.ts";
import { readHeads } from "../messages/queries.ts";

/**
 * Creates a poller for rooms whose counter advanced without a broadcast here: committed by another node, or by one that died before
 * publishing. A room must be behind in two consecutive polls, so that a commit that is just being published is skipped.
 */
export function createHeadPoller(services: Pick<Services, "reservedPool" | "roomBroadcaster">): () => Promise<void> {
  let suspects = new Map<string, number>();
  return async () => {
    const published = services.roomBroadcaster.heads();
    if (published.size === 0) return;
    const heads = await readHeads(services.reservedPool, [...published.keys()]);
    const behind = new Map([...published].filter(([roomId, seq]) => (heads.get(roomId) ?? 0) > seq));
    const silent = [...behind].filter(([roomId, seq]) => suspects.get(roomId) === seq);
    suspects = behind;
    await Promise.all(silent.map(([roomId]) => services.roomBroadcaster.catchUp(roomId)));
  };
}
