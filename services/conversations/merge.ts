import type { Prisma } from "../../prisma/generated/client.ts";
import { lockRooms } from "../rooms/lock-room.ts";

/** The guest and the user who takes over their conversations. */
type Merge = { readonly guestId: string; readonly userId: string };

const CONVERSATIONS = `
  SELECT r.id FROM rooms r WHERE r.kind <> 'language' AND r.id IN (SELECT room_id FROM room_members WHERE user_id = $1::uuid)`;

/** The key of the guest's direct conversation after the merge. Ids are compared as bytes, as `directKey` does. */
const RENAMED = `
  SELECT r.id, p.peer, least(p.peer COLLATE "C", $2) || ':' || greatest(p.peer COLLATE "C", $2) AS key
  FROM rooms r CROSS JOIN LATERAL (SELECT replace(replace(r.direct_key, $1, ''), ':', '') AS peer) p
  WHERE r.id = ANY($3::uuid[]) AND r.kind = 'direct'`;

/**
 * If the user already has a direct conversation with the same person, or is that person, the guest's conversation continues separately as
 * a group.
 */
const PART = `
  UPDATE rooms SET kind = 'group', direct_key = NULL FROM (${RENAMED}) renamed
  WHERE rooms.id = renamed.id AND (renamed.peer = $2 OR EXISTS (SELECT FROM rooms o WHERE o.direct_key = renamed.key))`;

const RENAME = `UPDATE rooms SET direct_key = renamed.key FROM (${RENAMED}) renamed WHERE rooms.id = renamed.id`;

/** Updates every conversation, so that each is detected as changed. */
const OWN = "UPDATE rooms SET owner_id = CASE WHEN owner_id = $1::uuid THEN $2::uuid ELSE owner_id END WHERE id = ANY($3::uuid[])";

const BLOCKS = `
  INSERT INTO blocks (user_id, blocked_id, created_at)
  SELECT CASE WHEN user_id = $1::uuid THEN $2::uuid ELSE user_id END, CASE WHEN blocked_id = $1::uuid THEN $2::uuid ELSE blocked_id END, created_at
  FROM blocks WHERE (user_id = $1::uuid AND blocked_id <> $2::uuid) OR (blocked_id = $1::uuid AND user_id <> $2::uuid)
  ON CONFLICT DO NOTHING`;

/**
 * Transfers a guest's conversations to a user, in a transaction and before the memberships move. Blocks in both directions are transferred
 * too, so that signing in removes none.
 */
export async function mergeConversations(tx: Prisma.TransactionClient, { guestId, userId }: Merge): Promise<void> {
  const conversations = await tx.$queryRawUnsafe<{ id: string }[]>(CONVERSATIONS, guestId);
  const locked = await lockRooms(
    tx,
    conversations.map(({ id }) => id),
    { changesKeys: true },
  );
  const ids = locked.map(({ id }) => id);
  for (const statement of [PART, RENAME]) await tx.$executeRawUnsafe(statement, guestId, userId, ids);
  await tx.$executeRawUnsafe(OWN, guestId, userId, ids);
  await tx.$executeRawUnsafe(BLOCKS, guestId, userId);
}
