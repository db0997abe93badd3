import { limits } from "../../utils/contract/limits.ts";
import { auditRow } from "../audit/record.ts";
import type { Services } from "../context.ts";
import { tombstoneMessagesOf } from "../messages/tombstone.ts";
import { skeletonOf } from "./skeleton.ts";

/** What is left of a guest's name. */
const FORMER_GUEST = "Former guest";

const DUE = `
  SELECT u.id FROM users u
  WHERE u.kind = 'guest' AND u.erased_at IS NULL AND u.last_seen_at < $1
    AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = u.id AND s.last_used_at >= $1)
  ORDER BY u.last_seen_at LIMIT $2`;

const ROOMS_TO_CLEAR = `
  SELECT r.id FROM rooms r JOIN lounges l ON l.id = r.lounge_id
  WHERE l.former_guest_messages = 'remove'
    AND EXISTS (SELECT FROM messages m WHERE m.room_id = r.id AND m.author_id = $1 AND m.deleted_at IS NULL)`;

/** Sessions go for good, and with them tokens and the browser's name; the sockets that were left are cut. */
async function removeSessions(services: Services, userId: string): Promise<void> {
  const { rows } = await services.pool.query<{ id: string }>("DELETE FROM sessions WHERE user_id = $1 RETURNING id", [userId]);
  for (const { id } of rows) {
    services.sessions.forget(id);
    services.publish.sessionEnded(id, "session_revoked");
  }
}

async function clearRooms(services: Services, authorId: string): Promise<void> {
  const { rows } = await services.pool.query<{ id: string }>(ROOMS_TO_CLEAR, [authorId]);
  for (const { id } of rows) await tombstoneMessagesOf(services, { authorId, roomId: id });
}

async function anonymise({ db, now }: Services, userId: string): Promise<void> {
  const nobody = {
    displayName: FORMER_GUEST,
    nameSkeleton: skeletonOf(FORMER_GUEST),
    avatarUrl: null,
    languages: [],
    acceptedRulesVersion: null,
    presenceStatus: "offline" as const,
    lastSeenAt: now(),
    erasedAt: now(),
  };
  await db.$transaction([
    db.roomMember.deleteMany({ where: { userId } }),
    db.user.update({ where: { id: userId }, data: nobody }),
    db.auditEntry.create({ data: auditRow({}, { action: "user_erased", subjectType: "user", subjectId: userId }) }),
  ]);
}

/**
 * Erases guests 24 hours after their last activity: sessions, name, languages, places in rooms. Their messages stay under
 * "Former guest", or go where the lounge says so. The mark of being erased comes last, so that a run cut short is resumed.
 * @returns how many were erased
 */
export async function purgeGuests(services: Services, { limit }: { limit: number }): Promise<number> {
  const idleSince = new Date(services.now().getTime() - limits.guestTokenMs);
  const { rows } = await services.pool.query<{ id: string }>(DUE, [idleSince, limit]);
  for (const { id } of rows) {
    await removeSessions(services, id);
    await clearRooms(services, id);
    await anonymise(services, id);
  }
  return rows.length;
}
