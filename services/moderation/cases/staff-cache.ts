import type pg from "pg";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";
import type { Viewer } from "./case-policy.ts";

/** Returns the moderators and admins of the site and the moderators of lounges, at most a second old. */
export type StaffCache = () => Promise<readonly Viewer[]>;

const STAFF = `
  SELECT u.id, u.role, ARRAY(SELECT lm.lounge_id FROM lounge_moderators lm WHERE lm.user_id = u.id) AS moderates FROM users u
  WHERE u.kind = 'member' AND u.erased_at IS NULL
    AND u.id IN (SELECT s.id FROM users s WHERE s.role IN ('moderator', 'admin') UNION SELECT lm.user_id FROM lounge_moderators lm)`;

const FRESH_MS = 1_000;
const ALL = "all";

/** Creates the list of the staff who are notified of cases. */
export function createStaffCache(pool: pg.Pool): StaffCache {
  const lists = createBatchingCache<readonly Viewer[]>({
    freshMs: FRESH_MS,
    load: async () => new Map([[ALL, (await pool.query<Viewer>({ name: "staff", text: STAFF })).rows]]),
  });
  return async () => (await lists.get(ALL)) ?? [];
}
