import type { Services } from "../context.ts";
import { endSessions } from "./end-sessions.ts";

const DAY_MS = 86_400_000;

/** How long an ended session and its replaced tokens are kept, to know a late replay. */
const KEEP_MS = 30 * DAY_MS;

type Batch = { readonly limit: number };

/** Ends sessions that were not used in time. @returns how many */
export async function expireSessions(services: Services, { limit }: Batch): Promise<number> {
  const due = await services.db.session.findMany({
    where: { endedAt: null, expiresAt: { lte: services.now() } },
    orderBy: { expiresAt: "asc" },
    select: { id: true },
    take: limit,
  });
  await endSessions(
    services,
    due.map(({ id }) => id),
    { reason: "expired" },
  );
  return due.length;
}

/** Removes sessions that ended long ago, with their tokens. @returns how many */
export async function forgetSessions({ pool, now }: Services, { limit }: Batch): Promise<number> {
  const sql = "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE ended_at < $1 LIMIT $2)";
  return (await pool.query(sql, [new Date(now().getTime() - KEEP_MS), limit])).rowCount ?? 0;
}
