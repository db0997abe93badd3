import { limits } from "../../../utils/contract/limits.ts";
import { firstSupported } from "../../../utils/text/languages.ts";
import { clearFailures, notFailed, recordFailure } from "../../audit/process-rows.ts";
import { ago } from "../../audit/purge-rows.ts";
import type { Services } from "../../context.ts";
import { type Claim, ClaimLostError, storeChunks } from "./chunks.ts";
import { createChunkCipher, sealKey } from "./cipher.ts";
import { withSnapshot } from "./read.ts";
import { zipOf } from "./zip.ts";

/** A claim that was not renewed for this long is considered abandoned. */
const SILENCE_MS = 2 * 60_000;

/** An export that has not succeeded within this time fails permanently. */
const GIVE_UP_MS = 60 * 60_000;

const JOB = "run-exports/make";

const CLAIM = `
  UPDATE data_exports SET claimed_at = $1 WHERE id = (
    SELECT id FROM data_exports WHERE state = 'waiting' AND (claimed_at IS NULL OR claimed_at < $2)
      AND ${notFailed({ job: JOB, key: "id", now: "$1" })}
    ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED
  ) RETURNING id, user_id AS "userId", claimed_at AS "claimedAt"`;

const FINISH = `
  UPDATE data_exports SET state = 'ready', ready_at = $3, expires_at = $4, size_bytes = $5, sealed_key = $6, claimed_at = NULL
  WHERE id = $1 AND claimed_at = $2 AND state = 'waiting'`;

/** Releases a claim: the export is queued again, or fails permanently. Its chunks have been removed before. */
const RELEASE = `
  UPDATE data_exports SET claimed_at = NULL, state = (CASE WHEN created_at < $3 THEN 'failed' ELSE 'waiting' END)::export_state
  WHERE id = $1 AND claimed_at = $2`;

async function claimNext({ pool, now }: Pick<Services, "pool" | "now">): Promise<Claim | null> {
  const at = now();
  return (await pool.query<Claim>(CLAIM, [at, new Date(at.getTime() - SILENCE_MS)])).rows[0] ?? null;
}

async function build(services: Pick<Services, "db" | "pool" | "now" | "vault">, claim: Claim): Promise<void> {
  const cipher = createChunkCipher();
  const user = await services.db.user.findUnique({ where: { id: claim.userId }, select: { languages: true } });
  const edition = { at: services.now(), language: firstSupported(user?.languages ?? []) ?? "en" };
  const sizeBytes = await withSnapshot(services, claim.userId, (snapshot) =>
    storeChunks(services, claim, { bytes: zipOf(snapshot, edition), cipher }),
  );
  const readyAt = services.now();
  const expiresAt = new Date(readyAt.getTime() + limits.exportLinkMs);
  const key = sealKey(services.vault, claim.id, cipher);
  const { rowCount } = await services.pool.query(FINISH, [claim.id, claim.claimedAt, readyAt, expiresAt, sizeBytes, key]);
  if (rowCount !== 1) throw new ClaimLostError();
}

/** Requeues a failed export; others go first until its next attempt. */
async function release(services: Pick<Services, "db" | "pool" | "now" | "logger">, claim: Claim, error: unknown): Promise<void> {
  services.logger.warn("export failed", { exportId: claim.id, error });
  await services.db.exportChunk.deleteMany({ where: { exportId: claim.id } });
  await recordFailure(services, { job: JOB, key: claim.id, error });
  await services.pool.query(RELEASE, [claim.id, claim.claimedAt, ago(services, GIVE_UP_MS)]);
}

/** The result of a run: `lost` means that another node has claimed the export. */
export type ExportOutcome = { readonly kind: "none" | "made" | "lost" } | { readonly kind: "failed"; readonly error: unknown };

/** Creates one export that is queued or whose node failed. Returns `none` when there is none. */
export async function runNextExport(services: Pick<Services, "db" | "pool" | "now" | "logger" | "vault">): Promise<ExportOutcome> {
  const claim = await claimNext(services);
  if (claim === null) return { kind: "none" };
  try {
    await build(services, claim);
  } catch (error) {
    if (error instanceof ClaimLostError) return { kind: "lost" };
    await release(services, claim, error);
    return { kind: "failed", error };
  }
  await clearFailures(services, { job: JOB, keys: [claim.id] });
  return { kind: "made" };
}
