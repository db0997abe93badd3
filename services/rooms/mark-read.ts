import type { MarkReadInput } from "../../utils/contract/schemas/conversations.ts";
import type { Ctx } from "../context.ts";
import { roomForMember } from "./access.ts";

/** Never decreases, and never exceeds the latest number. In a conversation, read messages are also received. */
const READ = `
  UPDATE room_members m SET last_read_seq = least($3, r.last_seq), received_seq = greatest(m.received_seq, least($3, r.last_seq))
  FROM rooms r WHERE r.id = m.room_id AND m.room_id = $1 AND m.user_id = $2 AND m.last_read_seq < least($3, r.last_seq)`;

const RECEIVED = `
  UPDATE room_members m SET received_seq = least($3, r.last_seq)
  FROM rooms r WHERE r.id = m.room_id AND m.room_id = $1 AND m.user_id = $2 AND m.received_seq < least($3, r.last_seq)`;

const statements = { read: READ, received: RECEIVED } as const;

async function mark(
  ctx: Ctx<"pool" | "conversationNotifier">,
  what: keyof typeof statements,
  { roomId, seq }: MarkReadInput,
): Promise<void> {
  const values = [roomId, ctx.actor.id, seq];
  const { rowCount } = await ctx.pool.query({ name: `mark-${what}`, text: statements[what], values });
  if (rowCount !== 0) ctx.conversationNotifier.notifyRead(roomId, ctx.actor.id);
}

/**
 * Records what the actor has read in a room, on any device; a first-time visitor becomes a member of the room.
 * @throws AppError `not_found`, the errors of entering the room
 */
export async function markRead(
  ctx: Ctx<"pool" | "rooms" | "joinLoader" | "conversations" | "conversationNotifier">,
  input: MarkReadInput,
): Promise<Record<string, never>> {
  const room = await roomForMember(ctx, input.roomId);
  if (room.kind === "language") await ctx.joinLoader.enter(room.id, ctx.actor.id);
  await mark(ctx, "read", input);
  return {};
}

/**
 * Records what one of the actor's devices has received in a conversation. Ignored for language rooms.
 * @throws AppError as `markRead`
 */
export async function markReceived(
  ctx: Ctx<"pool" | "rooms" | "conversations" | "conversationNotifier">,
  input: MarkReadInput,
): Promise<Record<string, never>> {
  const room = await roomForMember(ctx, input.roomId);
  if (room.kind !== "language") await mark(ctx, "received", input);
  return {};
}
