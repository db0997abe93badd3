import type { Services } from "../../context.ts";
import type { ChunkCipher } from "./cipher.ts";

/** What one row of the database holds of an archive. */
const CHUNK_BYTES = 256 * 1024;

/** An export in this node's hands, and when it last said so. */
export type Claim = { readonly id: string; readonly userId: string; claimedAt: Date };

/** Another node took the export over, or its owner was erased. Nothing is to be done. */
export class ClaimLostError extends Error {
  constructor() {
    super("the export is in other hands");
    this.name = "ClaimLostError";
  }
}

const PUT = `
  WITH mine AS (
    UPDATE data_exports SET claimed_at = $4 WHERE id = $1 AND state = 'waiting' AND claimed_at = $5 RETURNING id
  ) INSERT INTO export_pieces (export_id, place, bytes) SELECT id, $2, $3 FROM mine`;

/** Stores a piece, if the export is still ours, and says so once more. */
async function put({ pool, now }: Services, claim: Claim, { place, bytes }: { place: number; bytes: Buffer }): Promise<void> {
  const renewedAt = now();
  const { rowCount } = await pool.query(PUT, [claim.id, place, bytes, renewedAt, claim.claimedAt]);
  if (rowCount !== 1) throw new ClaimLostError();
  claim.claimedAt = renewedAt;
}

/** An archive as it is made, and what seals it. */
export type Archive = { readonly bytes: AsyncIterable<Uint8Array>; readonly cipher: ChunkCipher };

/** Stores an archive in sealed pieces, each when it is full. @returns how many bytes it has */
export async function storeChunks(services: Services, claim: Claim, archive: Archive): Promise<number> {
  await services.db.exportPiece.deleteMany({ where: { exportId: claim.id } });
  let [place, total, gathered, held] = [0, 0, [] as Uint8Array[], 0];
  const flush = async (): Promise<void> => {
    await put(services, claim, { place, bytes: archive.cipher.seal(place, Buffer.concat(gathered)) });
    place += 1;
    total += held;
    [gathered, held] = [[], 0];
  };
  for await (const chunk of archive.bytes) {
    gathered.push(chunk);
    held += chunk.length;
    if (held >= CHUNK_BYTES) await flush();
  }
  if (held > 0) await flush();
  return total;
}

/** The pieces of an archive in their order, opened one at a time. */
export async function* readChunks({ pool }: Pick<Services, "pool">, exportId: string, cipher: ChunkCipher): AsyncGenerator<Buffer> {
  const text = "SELECT bytes FROM export_pieces WHERE export_id = $1 AND place = $2";
  for (let place = 0; ; place += 1) {
    const { rows } = await pool.query<{ bytes: Buffer }>({ name: "export-piece", text, values: [exportId, place] });
    if (rows[0] === undefined) return;
    yield cipher.open(place, rows[0].bytes);
  }
}
