import type { Services } from "../../context.ts";
import type { ChunkCipher } from "./cipher.ts";

/** The size of the archive chunk that one database row contains. */
const CHUNK_BYTES = 256 * 1024;

/** An export that this node works on, and when it last renewed its claim. */
export type Claim = { readonly id: string; readonly userId: string; claimedAt: Date };

/** Another node has claimed the export, or its owner was erased. The current node stops working on it. */
export class ClaimLostError extends Error {
  constructor() {
    super("another node has claimed the export");
    this.name = "ClaimLostError";
  }
}

const INSERT = `
  WITH mine AS (
    UPDATE data_exports SET claimed_at = $4 WHERE id = $1 AND state = 'waiting' AND claimed_at = $5 RETURNING id
  ) INSERT INTO export_pieces (export_id, place, bytes) SELECT id, $2, $3 FROM mine`;

/** Stores a chunk and renews the claim. @throws ClaimLostError if the claim is lost */
async function insertChunk(
  { pool, now }: Pick<Services, "pool" | "now">,
  claim: Claim,
  { position, bytes }: { position: number; bytes: Buffer },
): Promise<void> {
  const renewedAt = now();
  const { rowCount } = await pool.query(INSERT, [claim.id, position, bytes, renewedAt, claim.claimedAt]);
  if (rowCount !== 1) throw new ClaimLostError();
  claim.claimedAt = renewedAt;
}

/** An archive stream, and the cipher that encrypts it. */
export type Archive = { readonly bytes: AsyncIterable<Uint8Array>; readonly cipher: ChunkCipher };

/** Stores an archive in encrypted chunks as they fill up. @returns its size in bytes */
export async function storeChunks(services: Pick<Services, "db" | "pool" | "now">, claim: Claim, archive: Archive): Promise<number> {
  await services.db.exportChunk.deleteMany({ where: { exportId: claim.id } });
  let position = 0;
  let total = 0;
  let buffered: Uint8Array[] = [];
  let bufferedBytes = 0;
  const flush = async (): Promise<void> => {
    await insertChunk(services, claim, { position, bytes: archive.cipher.seal(position, Buffer.concat(buffered)) });
    position += 1;
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
  for (let position = 0; ; position += 1) {
    const { rows } = await pool.query<{ bytes: Buffer }>({ name: "export-chunk", text, values: [exportId, position] });
    if (rows[0] === undefined) return;
    yield cipher.open(position, rows[0].bytes);
  }
}
