import type pg from "pg";
import type { Prisma } from "../../../prisma/generated/client.ts";
import { inTransaction } from "../../../prisma/transaction.ts";
import { auditRow } from "../../audit/record.ts";
import type { Services } from "../../context.ts";
import { tombstoneMessagesOf } from "../../messages/changes/bulk-delete.ts";
import { reassignReactions } from "../../messages/changes/reassign-reactions.ts";
import { emptyProfile } from "../../users/profile-snapshot.ts";
import { userKeys } from "../data-retention-registry.ts";

/** What to make of somebody: the name that is left, and what becomes of what they wrote. */
export type Erasure = {
  readonly userId: string;
  readonly displayName: string;
  readonly messages: "keep" | "erase" | "as_lounges_say";
  /** Asked once the person's row is locked: whether it is still to be erased. Without it, it is. */
  readonly isStillDue?: (client: pg.PoolClient) => Promise<boolean>;
};

/** The work is found by this row; it goes last. */
const WORK = "account_deletions";

const cascades = userKeys.filter(({ onErasure }) => onErasure === "cascade");

/** What others see under their messages goes room by room, so that they hear of it. */
const REACTIONS = "reactions";
const atOnce = cascades.filter(({ table }) => table !== WORK && table !== REACTIONS);

/** Names are those of the registry, never of a caller. */
const removal = ({ table, column }: { table: string; column: string }): string => `DELETE FROM ${table} WHERE ${column} = $1`;

async function removeRows(client: pg.PoolClient, keys: typeof cascades, userId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM sessions WHERE user_id = $1", [userId]);
  for (const key of keys) await client.query(removal(key), [userId]);
  return rows.map(({ id }) => id);
}

/**
 * Takes everything away by which somebody could come back, and all that was theirs alone; the profile that was put away too.
 * Null when they are not to be erased after all.
 */
async function close(client: pg.PoolClient, { userId, isStillDue }: Erasure): Promise<string[] | null> {
  await client.query("SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", [userId]);
  if (isStillDue !== undefined && !(await isStillDue(client))) return null;
  await client.query("UPDATE account_deletions SET former_self = '' WHERE user_id = $1", [userId]);
  return removeRows(client, atOnce, userId);
}

const ROOMS = {
  keep: null,
  erase: "SELECT DISTINCT room_id FROM messages WHERE author_id = $1 AND deleted_at IS NULL AND seq IS NOT NULL",
  as_lounges_say: `SELECT r.id AS room_id FROM rooms r JOIN lounges l ON l.id = r.lounge_id
    WHERE l.former_guest_messages = 'remove'
      AND EXISTS (SELECT FROM messages m WHERE m.room_id = r.id AND m.author_id = $1 AND m.deleted_at IS NULL)`,
} as const;

/** What nobody else has seen yet goes in any case; of the rest, what was chosen to go leaves a mark without words. */
async function clearMessages(services: Services, { userId, messages }: Erasure): Promise<void> {
  await services.pool.query("DELETE FROM messages WHERE author_id = $1 AND seq IS NULL", [userId]);
  await reassignReactions(services, { fromId: userId, toId: null });
  const rooms = ROOMS[messages];
  if (rooms === null) return;
  const { rows } = await services.pool.query<{ room_id: string }>(rooms, [userId]);
  for (const { room_id: roomId } of rows) await tombstoneMessagesOf(services, { authorId: userId, roomId });
}

/** Everything in a person's row that was theirs, but the id by which others' rows know it. */
const nothing = {
  username: null,
  usernameSkeleton: null,
  whoMayWrite: "nobody",
  showsReceipts: false,
  isInvisible: false,
  birthDate: null,
  acceptedRulesVersion: null,
} as const satisfies Prisma.UserUpdateInput;

/** Whose row is emptied, and what name is left in it; the rows of `keeps` stay although they would cascade. */
export type Emptying = { readonly userId: string; readonly displayName: string; readonly keeps?: readonly string[] };

/** Empties a person's row within a transaction, removes all that goes with it, and marks it as erased. Messages are not looked at. */
export async function emptyUser(tx: Prisma.TransactionClient, now: Date, { userId, displayName, keeps = [] }: Emptying): Promise<void> {
  const last = { ...emptyProfile(displayName), ...nothing, lastSeenAt: now, erasedAt: now };
  const { count } = await tx.user.updateMany({ where: { id: userId, erasedAt: null }, data: last });
  await tx.user.updateMany({ where: { id: userId, kind: { not: "guest" } }, data: { role: "member" } });
  for (const key of cascades.filter(({ table }) => !keeps.includes(table)))
    await tx.$executeRawUnsafe(removal(key).replace("$1", "$1::uuid"), userId);
  if (count > 0) await tx.auditEntry.create({ data: auditRow({}, { action: "user_erased", subjectType: "user", subjectId: userId }) });
}

/**
 * Erases somebody as `fates.ts` says: nothing is left but an empty row, what others need of the messages, and ids in the audit log.
 * It may be cut short anywhere and done again; it is finished when the row is marked as erased. Whoever finds people to erase must
 * find them until then.
 * @returns false when they were not to be erased after all
 */
export async function eraseUser(services: Services, erasure: Erasure): Promise<boolean> {
  const sessionIds = await inTransaction(services.pool, (client) => close(client, erasure));
  if (sessionIds === null) return false;
  for (const id of sessionIds) {
    services.sessions.invalidate(id);
    services.publish.sessionEnded(id, "session_revoked");
  }
  await clearMessages(services, erasure);
  // Once more all that goes with the row: a call that was under way may have put something there.
  await services.db.$transaction((tx) => emptyUser(tx, services.now(), erasure));
  // What was on its way into the room log while the last session ended.
  await clearMessages(services, erasure);
  return true;
}
