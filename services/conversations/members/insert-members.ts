import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Membership } from "../conversation-cache.ts";

/** The users who join a room, and who invited them. */
type Joining = { readonly roomId: string; readonly members: readonly Membership[]; readonly invitedBy: string };

/**
 * Adds members to a conversation, in a transaction that has locked it. `joined_at` uses the database's clock, like the times of messages:
 * comparing the two decides whether a request already has its message.
 */
export async function insertMembers(tx: Prisma.TransactionClient, { roomId, members, invitedBy }: Joining): Promise<void> {
  const userIds = members.map(({ userId }) => userId);
  const states = members.map(({ state }) => state);
  await tx.$executeRaw`
    INSERT INTO room_members (room_id, user_id, state, invited_by)
    SELECT ${roomId}::uuid, j.user_id, j.state::member_state, CASE WHEN j.user_id <> ${invitedBy}::uuid THEN ${invitedBy}::uuid END
    FROM unnest(${userIds}::uuid[], ${states}::text[]) AS j(user_id, state) ORDER BY j.user_id`;
}

/** Whether a user is an active member now. */
export const isActiveMember = async (tx: Prisma.TransactionClient, roomId: string, userId: string): Promise<boolean> =>
  (await tx.roomMember.count({ where: { roomId, userId, state: "active" } })) > 0;
