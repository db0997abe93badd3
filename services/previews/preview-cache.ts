import type pg from "pg";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";
import type { Batch } from "../realtime/batch.ts";
import { type Candidate, type LoungeRow, type RoomPreview, readLoungePreviews, readRoomPreviews } from "./preview-queries.ts";

/**
 * The reads of visitors who watch without joining, at most half a second old. For any number of visitors, a node sends the database one
 * statement at a time for all requested rooms, and one for the lobby, and each at most once per half second and room. The results are
 * shared and must not be changed.
 */
export type PreviewCache = {
  /** Returns the latest messages of a room; undefined if its lounge is not open to everyone. */
  room(roomId: string): Promise<RoomPreview | undefined>;
  /** Returns one message for each open lounge. */
  lounges(): Promise<readonly LoungeRow[]>;
  /** Makes the next read query the database if a message of this batch was deleted. */
  applyBatch(batch: Pick<Batch, "roomId" | "messages">): void;
  /** Makes the next reads of a room and of the lobby query the database. */
  invalidate(roomId: string): void;
};

const FRESH_MS = 500;
const ALL = "all";

type PreviewOptions = { readonly pool: pg.Pool; readonly candidates: () => Promise<readonly Candidate[]> };

/** Creates the previews of one node. `candidates` returns the rooms that may be shown in the lobby. */
export function createPreviewCache({ pool, candidates }: PreviewOptions): PreviewCache {
  const rooms = createBatchingCache<RoomPreview>({ freshMs: FRESH_MS, load: (roomIds) => readRoomPreviews(pool, roomIds) });
  const lobby = createBatchingCache<readonly LoungeRow[]>({
    freshMs: FRESH_MS,
    load: async () => new Map([[ALL, await readLoungePreviews(pool, await candidates())]]),
  });
  const invalidate = (roomId: string): void => {
    rooms.invalidate(roomId);
    lobby.invalidate(ALL);
  };
  return {
    room: (roomId) => rooms.get(roomId),
    lounges: async () => (await lobby.get(ALL)) ?? [],
    applyBatch({ roomId, messages }) {
      if (messages.some(({ deletedAt }) => deletedAt !== null)) invalidate(roomId);
    },
    invalidate,
  };
}
