import { DAY_MS } from "../../utils/clock.ts";
import { notFailed, processRows, type RowServices } from "../audit/process-rows.ts";
import type { Services } from "../context.ts";
import type { ModeratedScope } from "../domain-events.ts";

type TrustServices = RowServices & Pick<Services, "rules">;

/** What counts against a user: an action by a person in the last days, any restriction in force, or an upheld report without an action. */
const HAS_RECORD = `
  EXISTS (SELECT FROM moderation_actions a WHERE a.user_id = u.id AND a.reverted_at IS NULL AND NOT a.is_automatic AND a.created_at > $2)
  OR EXISTS (SELECT FROM active_restrictions a WHERE a.user_id = u.id AND a.kind <> 'kick')
  OR EXISTS (
    SELECT FROM moderation_cases c WHERE c.subject_id = u.id AND c.outcome = 'actioned' AND c.resolved_at > $2
      AND NOT EXISTS (SELECT FROM moderation_actions a WHERE a.case_id = c.id))`;

/** Whether a user wrote at least this many messages in language rooms that stand. Counting stops there. */
const hasWritten = (count: string): string => `(
  SELECT count(*) FROM (
    SELECT FROM messages m JOIN rooms r ON r.id = m.room_id AND r.kind = 'language'
    WHERE m.author_id = u.id AND m.seq IS NOT NULL AND m.moderation = 'approved' AND m.deleted_at IS NULL LIMIT ${count}) written) >= ${count}`;

const HAS_PHONE = "EXISTS (SELECT FROM contacts c WHERE c.user_id = u.id AND c.kind = 'phone' AND c.verified_at IS NOT NULL)";

/** The rows are locked in id order, so that two nodes never deadlock. */
const UPDATE = `
  WITH due AS (SELECT id FROM users WHERE id = ANY($1::uuid[]) AND kind = 'member' AND erased_at IS NULL ORDER BY id FOR NO KEY UPDATE),
  judged AS (
    SELECT u.id, CASE
      WHEN ${HAS_RECORD} THEN 'newcomer'
      WHEN u.created_at <= $4 AND ${hasWritten("$6::int")} THEN 'regular'
      WHEN u.created_at <= $3 AND (${HAS_PHONE} OR ${hasWritten("$5::int")}) THEN 'member'
      ELSE 'newcomer' END::trust_level AS level
    FROM users u JOIN due ON due.id = u.id
  )
  UPDATE users u SET trust_level = j.level, trust_checked_at = $7 FROM judged j WHERE j.id = u.id`;

/** Computes the trust levels of members from their behavior and stores them. Guests, bots and erased users are ignored. */
export async function updateTrustLevels({ pool, now, rules }: TrustServices, userIds: readonly string[]): Promise<number> {
  const { memberDays, memberMessages, regularDays, regularMessages, cleanDays } = rules.trust;
  const daysAgo = (days: number): Date => new Date(now().getTime() - days * DAY_MS);
  const values = [userIds, daysAgo(cleanDays), daysAgo(memberDays), daysAgo(regularDays), memberMessages, regularMessages, now()];
  return (await pool.query(UPDATE, values)).rowCount ?? 0;
}

/** Updates the trust levels of the users whom actions concern, as soon as these are taken or reverted. */
export async function updateTrustOf(services: TrustServices, actions: readonly ModeratedScope[]): Promise<void> {
  const userIds = [...new Set(actions.flatMap(({ userId }) => userId ?? []))];
  if (userIds.length > 0) await updateTrustLevels(services, userIds);
}

const JOB = "update-trust";

/** How often the level of a member who is active is computed. */
const CHECK_MS = DAY_MS / 4;

/** Members who were here since their last check, and those never checked. */
const DUE = `
  SELECT u.id FROM users u WHERE u.kind = 'member' AND u.erased_at IS NULL
    AND (u.trust_checked_at IS NULL OR (u.trust_checked_at < $1 AND u.last_seen_at > u.trust_checked_at))
    AND ${notFailed({ job: JOB, key: "u.id", now: "$2" })}
  ORDER BY u.trust_checked_at NULLS FIRST LIMIT $3`;

/**
 * Updates the trust levels of members that are due.
 * @returns how many were processed
 * @throws BatchError when some could not be updated; the others are
 */
export async function updateDueTrust(services: TrustServices, { limit }: { limit: number }): Promise<number> {
  const before = new Date(services.now().getTime() - CHECK_MS);
  const { rows } = await services.pool.query<{ id: string }>(DUE, [before, services.now(), limit]);
  return processRows(services, { job: JOB, keys: rows.map(({ id }) => id), work: (ids) => updateTrustLevels(services, ids) });
}
