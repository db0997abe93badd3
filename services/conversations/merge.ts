import type { Prisma } from "../../prisma/generated/client.ts";

/** Whose conversations become whose. */
type Merge = { readonly guestId: string; readonly userId: string };

/** In id order, as the room log takes them. */
const LOCK = `
  SELECT r.id FROM rooms r WHERE r.kind <> 'language' AND r.id IN (SELECT room_id FROM room_members WHERE user_id = $1::uuid)
  ORDER BY r.id FOR UPDATE`;

/** The key that a direct conversation of the guest has once it is the member's. Ids are compared as bytes, as `directKey` does. */
const RENAMED = `
  SELECT r.id, p.peer, least(p.peer COLLATE "C", $2) || ':' || greatest(p.peer COLLATE "C", $2) AS key
  FROM rooms r CROSS JOIN LATERAL (SELECT replace(replace(r.direct_key, $1, ''), ':', '') AS peer) p
  WHERE r.id = ANY($3::uuid[]) AND r.kind = 'direct'`;

/** Where the member talks with the same person already, or is that person, the guest's talk goes on beside it as a group. */
const PART = `
  UPDATE rooms SET kind = 'group', direct_key = NULL FROM (${RENAMED}) renamed
  WHERE rooms.id = renamed.id AND (renamed.peer = $2 OR EXISTS (SELECT FROM rooms o WHERE o.direct_key = renamed.key))`;

const RENAME = `UPDATE rooms SET direct_key = renamed.key FROM (${RENAMED}) renamed WHERE rooms.id = renamed.id`;

/** Of every one of them, so that it is found as changed. */
const OWN = "UPDATE rooms SET owner_id = CASE WHEN owner_id = $1::uuid THEN $2::uuid ELSE owner_id END WHERE id = ANY($3::uuid[])";

const BLOCKS = `
  INSERT INTO blocks (user_id, blocked_id, created_at)
  SELECT CASE WHEN user_id = $1::uuid THEN $2::uuid ELSE user_id END, CASE WHEN blocked_id = $1::uuid THEN $2::uuid ELSE blocked_id END, created_at
  FROM blocks WHERE (user_id = $1::uuid AND blocked_id <> $2::uuid) OR (blocked_id = $1::uuid AND user_id <> $2::uuid)
  ON CONFLICT DO NOTHING`;

/**
 * Makes a guest's conversations a member's, within a transaction and before the places in them move; blocks go along both ways, so
 * that nobody gets rid of one by signing in.
 */
export async function mergeConversations(tx: Prisma.TransactionClient, { guestId, userId }: Merge): Promise<void> {
  const rooms = await tx.$queryRawUnsafe<{ id: string }[]>(LOCK, guestId);
  const ids = rooms.map(({ id }) => id);
  for (const statement of [PART, RENAME]) await tx.$executeRawUnsafe(statement, guestId, userId, ids);
  await tx.$executeRawUnsafe(OWN, guestId, userId, ids);
  await tx.$executeRawUnsafe(BLOCKS, guestId, userId);
}
