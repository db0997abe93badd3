import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Membership } from "../conversation-cache.ts";

/** Who joins a room, and who asked them. */
type Joining = { readonly roomId: string; readonly members: readonly Membership[]; readonly invitedBy: string };

/**
 * Adds members to a conversation, within a transaction that holds its lock. `joined_at` is the database's clock, as the times of messages
 * are: whether a request carries its message already is decided by comparing the two.
 */
export async function insertMembers(tx: Prisma.TransactionClient, { roomId, members, invitedBy }: Joining): Promise<void> {
  const userIds = members.map(({ userId }) => userId);
  const states = members.map(({ state }) => state);
  await tx.$executeRaw`
    INSERT INTO room_members (room_id, user_id, state, invited_by)
    SELECT ${roomId}::uuid, j.user_id, j.state::member_state, CASE WHEN j.user_id <> ${invitedBy}::uuid THEN ${invitedBy}::uuid END
    FROM unnest(${userIds}::uuid[], ${states}::text[]) AS j(user_id, state) ORDER BY j.user_id`;
}

/** Whether somebody is an active member, as of now. */
export const isActiveMember = async (tx: Prisma.TransactionClient, roomId: string, userId: string): Promise<boolean> =>
  (await tx.roomMember.count({ where: { roomId, userId, state: "active" } })) > 0;
