import type { Services } from "../../context.ts";
import type { ChunkCipher } from "./cipher.ts";

/** The size of the archive chunk that one database row contains. */
const CHUNK_BYTES = 256 * 1024;

/** An export that this node works on, and when it last renewed its claim. */
export type Claim = { readonly id: string; readonly userId: string; claimedAt: Date };

/** Another node has claimed the export, or its owner was erased. The current node stops working on it. */
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

/** Stores a chunk and renews the claim. @throws ClaimLostError if the claim is lost */
async function put({ pool, now }: Services, claim: Claim, { place, bytes }: { place: number; bytes: Buffer }): Promise<void> {
  const renewedAt = now();
  const { rowCount } = await pool.query(PUT, [claim.id, place, bytes, renewedAt, claim.claimedAt]);
  if (rowCount !== 1) throw new ClaimLostError();
  claim.claimedAt = renewedAt;
}

/** An archive stream, and the cipher that encrypts it. */
export type Archive = { readonly bytes: AsyncIterable<Uint8Array>; readonly cipher: ChunkCipher };

/** Stores an archive in encrypted chunks as they fill up. @returns its size in bytes */
export async function storeChunks(services: Services, claim: Claim, archive: Archive): Promise<number> {
  await services.db.exportPiece.deleteMany({ where: { exportId: claim.id } });
  let place = 0;
  let total = 0;
  let buffered: Uint8Array[] = [];
  let bufferedBytes = 0;
  const flush = async (): Promise<void> => {
    await put(services, claim, { place, bytes: archive.cipher.seal(place, Buffer.concat(buffered)) });
    place += 1;
    total += bufferedBytes;
    buffered = [];
    bufferedBytes = 0;
  };
  for await (const chunk of archive.bytes) {
    buffered.push(chunk);
    bufferedBytes += chunk.length;
    if (bufferedBytes >= CHUNK_BYTES) await flush();
  }
  if (bufferedBytes > 0) await flush();
  return total;
}

/** Yields the decrypted chunks of an archive in order, reading one at a time. */
export async function* readChunks({ pool }: Pick<Services, "pool">, exportId: string, cipher: ChunkCipher): AsyncGenerator<Buffer> {
  const text = "SELECT bytes FROM export_pieces WHERE export_id = $1 AND place = $2";
  for (let place = 0; ; place += 1) {
    const { rows } = await pool.query<{ bytes: Buffer }>({ name: "export-piece", text, values: [exportId, place] });
    if (rows[0] === undefined) return;
    yield cipher.open(place, rows[0].bytes);
  }
}
