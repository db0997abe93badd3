import type pg from "pg";
import type { Prisma } from "../../../prisma/generated/client.ts";
import { inTransaction } from "../../../prisma/transaction.ts";
import { auditRow } from "../../audit/record.ts";
import type { Services } from "../../context.ts";
import { tombstoneMessagesOf } from "../../messages/changes/bulk-delete.ts";
import { reassignReactions } from "../../messages/changes/reassign-reactions.ts";
import { eraseAppeals } from "../../moderation/appeals/erase-appeals.ts";
import { eraseFromCases } from "../../moderation/cases/erase-evidence.ts";
import { emptyProfile } from "../../users/profile-snapshot.ts";
import { userKeys } from "../data-retention-registry.ts";

/** How to erase a user: the display name that remains, and what happens to their messages (`by_lounge`: as each lounge specifies). */
export type Erasure = {
  readonly userId: string;
  readonly displayName: string;
  readonly messages: "keep" | "erase" | "by_lounge";
  /** Called once the user's row is locked; returns whether the user is still to be erased. Defaults to true. */
  readonly isStillDue?: (client: pg.PoolClient) => Promise<boolean>;
};

/** The row by which an interrupted erasure is found again; it is removed last. */
const WORK = "account_deletions";

const cascades = userKeys.filter(({ onErasure }) => onErasure === "cascade");

/** Reactions are visible to others, so they are removed room by room, with events. */
const REACTIONS = "reactions";
const atOnce = cascades.filter(({ table }) => table !== WORK && table !== REACTIONS);

/** Returns the SQL to remove a user's rows of a table. Names come from the registry, never from user input. */
const removal = ({ table, column }: { table: string; column: string }): string => `DELETE FROM ${table} WHERE ${column} = $1::uuid`;

async function removeRows(client: pg.PoolClient, keys: typeof cascades, userId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("SELECT id FROM sessions WHERE user_id = $1", [userId]);
  for (const key of keys) await client.query(removal(key), [userId]);
  return rows.map(({ id }) => id);
}

/**
 * Removes the user's credentials, sessions, private rows and the stored profile, so that the deletion can no longer be cancelled.
 * Returns the ids of the sessions, or null when the user is no longer to be erased.
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
  by_lounge: `SELECT r.id AS room_id FROM rooms r JOIN lounges l ON l.id = r.lounge_id
    WHERE l.former_guest_messages = 'remove'
      AND EXISTS (SELECT FROM messages m WHERE m.room_id = r.id AND m.author_id = $1 AND m.deleted_at IS NULL)`,
} as const;

/** The content of messages that the staff removed, which a revert would otherwise restore. */
const FORGET_REMOVED = "DELETE FROM removed_messages r USING messages m WHERE m.id = r.message_id AND m.author_id = $1";

/** Deletes unpublished messages and removes reactions; of the other messages, those to be removed become tombstones without text. */
async function clearMessages(services: Pick<Services, "pool" | "events">, { userId, messages }: Erasure): Promise<void> {
  await services.pool.query("DELETE FROM messages WHERE author_id = $1 AND seq IS NULL", [userId]);
  await reassignReactions(services, { fromId: userId, toId: null });
  const rooms = ROOMS[messages];
  if (rooms === null) return;
  await services.pool.query(FORGET_REMOVED, [userId]);
  const { rows } = await services.pool.query<{ room_id: string }>(rooms, [userId]);
  for (const { room_id: roomId } of rows) await tombstoneMessagesOf(services, { authorId: userId, roomId });
}

/** The emptied columns of a user's row; the id stays, because other rows reference it. */
const nothing = {
  username: null,
  usernameSkeleton: null,
  whoMayWrite: "nobody",
  showsReceipts: false,
  isInvisible: false,
  birthDate: null,
  acceptedRulesVersion: null,
} as const satisfies Prisma.UserUpdateInput;

/** The user to empty and the remaining display name. The rows of the tables in `keeps` stay although they would cascade. */
export type Emptying = { readonly userId: string; readonly displayName: string; readonly keeps?: readonly string[] };

/** Empties a user's row within a transaction, removes the rows that cascade, and marks it as erased. Does not change messages. */
export async function emptyUser(tx: Prisma.TransactionClient, now: Date, { userId, displayName, keeps = [] }: Emptying): Promise<void> {
  const last = { ...emptyProfile(displayName), ...nothing, lastSeenAt: now, erasedAt: now };
  const { count } = await tx.user.updateMany({ where: { id: userId, erasedAt: null }, data: last });
  await tx.user.updateMany({ where: { id: userId, kind: { not: "guest" } }, data: { role: "member" } });
  for (const key of cascades.filter(({ table }) => !keeps.includes(table))) await tx.$executeRawUnsafe(removal(key), userId);
  await eraseAppeals(tx, userId);
  if (count > 0) await tx.auditEntry.create({ data: auditRow({}, { action: "user_erased", subjectType: "user", subjectId: userId }) });
}

/**
 * Erases a user according to the data retention registry: what remains is an empty row, the messages that others need, and ids in the
 * audit log. It is idempotent and can be interrupted at any point; it is finished when the row is marked as erased. Callers that select
 * users to erase must select them until then.
 * @returns false when the user is no longer to be erased
 */
export async function eraseUser(
  services: Pick<Services, "db" | "pool" | "now" | "sessions" | "events" | "publish">,
  erasure: Erasure,
): Promise<boolean> {
  const sessionIds = await inTransaction(services.pool, (client) => close(client, erasure));
  if (sessionIds === null) return false;
  for (const id of sessionIds) {
    services.sessions.invalidate(id);
    services.publish.sessionEnded(id, "session_revoked");
  }
  await clearMessages(services, erasure);
  await eraseFromCases(services, { id: erasure.userId, displayName: erasure.displayName });
  // Removes the cascading rows again, because a concurrent request may have inserted some.
  await services.db.$transaction((tx) => emptyUser(tx, services.now(), erasure));
  // Clears messages that were still being written while the last session ended.
  await clearMessages(services, erasure);
  await eraseFromCases(services, { id: erasure.userId, displayName: erasure.displayName });
  return true;
}
