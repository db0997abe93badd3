import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { RoomLevel } from "../../../utils/contract/schemas/conversations.ts";
import type { Services } from "../../context.ts";

/** The state of a requested membership before it was declined: what is needed to restore it. */
export type DeclinedRequest = {
  readonly room_id: string;
  readonly joined_at: string;
  readonly last_read_seq: number;
  readonly received_seq: number;
  readonly level: RoomLevel;
};

/**
 * Deletes requested memberships, and records declined group invitations for a limited time. Requires a transaction that has locked the
 * rooms.
 * @returns the deleted memberships
 */
export async function declineRequests(
  tx: Prisma.TransactionClient,
  userId: string,
  roomIds: readonly string[],
): Promise<DeclinedRequest[]> {
  const rows = await tx.$queryRaw<{ declined: DeclinedRequest }[]>`
    WITH declined AS (
      DELETE FROM room_members WHERE user_id = ${userId}::uuid AND room_id = ANY(${[...roomIds]}::uuid[]) AND state = 'requested'
      RETURNING *
    ), remembered AS (
      INSERT INTO declined_invitations (room_id, user_id, invited_by)
      SELECT d.room_id, d.user_id, d.invited_by FROM declined d JOIN rooms r ON r.id = d.room_id AND r.kind = 'group'
      ON CONFLICT (room_id, user_id) DO UPDATE SET invited_by = excluded.invited_by, declined_at = excluded.declined_at
    )
    SELECT to_jsonb(d) - ARRAY['user_id', 'state', 'invited_by', 'last_sent_at'] AS declined FROM declined d`;
  return rows.map(({ declined }) => declined);
}

type Restoring = { readonly userId: string; readonly invitedBy: string; readonly declined: readonly DeclinedRequest[] };

/**
 * Restores memberships that `declineRequests` deleted, with their previous state, so that the decline leaves no trace. Skips groups that
 * are full by now. Requires a transaction that has locked the rooms.
 * @returns the ids of the rooms
 */
export async function restoreRequests(tx: Prisma.TransactionClient, { userId, invitedBy, declined }: Restoring): Promise<string[]> {
  const rows = await tx.$queryRaw<{ room_id: string }[]>`
    WITH restored AS (
      INSERT INTO room_members (room_id, user_id, state, invited_by, joined_at, last_read_seq, received_seq, level)
      SELECT d.room_id, ${userId}::uuid, 'requested', ${invitedBy}::uuid, d.joined_at, d.last_read_seq, d.received_seq, d.level
      FROM jsonb_to_recordset(${JSON.stringify(declined)}::jsonb)
        AS d(room_id uuid, joined_at timestamptz, last_read_seq bigint, received_seq bigint, level room_level)
      JOIN rooms r ON r.id = d.room_id
      WHERE r.kind = 'direct' OR (SELECT count(*) FROM room_members m WHERE m.room_id = r.id) < ${limits.groupPeople}
      ON CONFLICT DO NOTHING RETURNING room_id
    ), forgotten AS (
      DELETE FROM declined_invitations WHERE user_id = ${userId}::uuid AND room_id IN (SELECT room_id FROM restored)
    )
    SELECT room_id FROM restored`;
  return rows.map(({ room_id }) => room_id);
}

/**
 * Withdraws a pending group invitation, if there is one. It cannot be repeated for as long as a decline applies: otherwise it could be
 * sent again and again. Requires a transaction that has locked the room.
 * @returns whether there was one
 */
export async function withdrawRequest(tx: Prisma.TransactionClient, roomId: string, userId: string): Promise<boolean> {
  const withdrawn = await tx.$executeRaw`
    WITH withdrawn AS (
      DELETE FROM room_members WHERE room_id = ${roomId}::uuid AND user_id = ${userId}::uuid AND state = 'requested' RETURNING room_id, user_id
    )
    INSERT INTO declined_invitations (room_id, user_id) SELECT room_id, user_id FROM withdrawn
    ON CONFLICT (room_id, user_id) DO UPDATE SET declined_at = excluded.declined_at`;
  return withdrawn > 0;
}

const PURGE = `
  DELETE FROM declined_invitations WHERE (room_id, user_id) IN (
    SELECT room_id, user_id FROM declined_invitations WHERE declined_at < $1 ORDER BY declined_at LIMIT $2)`;

/** Deletes declined invitations that no longer apply. @returns how many */
export async function purgeDeclines({ pool, now }: Pick<Services, "pool" | "now">, { limit }: { limit: number }): Promise<number> {
  return (await pool.query(PURGE, [new Date(now().getTime() - limits.declineMs), limit])).rowCount ?? 0;
}
