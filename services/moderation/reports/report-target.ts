import type { TargetDto } from "../../../utils/contract/schemas/moderation/reports.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { conversationForMember } from "../../conversations/access.ts";
import { messageForMember } from "../../messages/changes/change.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { isActiveUser } from "../../users/lock-user.ts";

/** What is reported, as the reporter sees it. */
export type ReportTarget = TargetDto & {
  /** The user whom the report is about: the author, the user, the other person of a direct conversation, or the owner of a group. */
  readonly subjectId: string | null;
  /** The room of a message, or the conversation. */
  readonly roomId: string | null;
  /** Whether the reporter may read the messages of the room; users who are only invited to a group may not. */
  readonly canRead: boolean;
};

type AccessCtx = Ctx<"db" | "pool" | "rooms" | "conversations">;

async function messageTarget(ctx: AccessCtx, { id }: TargetDto): Promise<ReportTarget> {
  const { message, room } = await messageForMember(ctx, id);
  return { kind: "message", id, subjectId: message.author_id, roomId: room.id, canRead: true };
}

async function userTarget({ db }: AccessCtx, { id }: TargetDto): Promise<ReportTarget> {
  const user = await db.user.findFirst({ where: { id, ...isActiveUser }, select: { id: true } });
  if (user === null) throw new AppError("not_found");
  return { kind: "user", id, subjectId: id, roomId: null, canRead: false };
}

const subjectOf = ({ pair, ownerId }: RoomRecord, reporterId: string): string | null =>
  pair === null ? ownerId : (pair.find((userId) => userId !== reporterId) ?? null);

async function conversationTarget(ctx: AccessCtx, { id }: TargetDto): Promise<ReportTarget> {
  const room = await conversationForMember(ctx, id);
  const canRead = (await ctx.conversations.recipientsOf(id))?.includes(ctx.actor.id) === true;
  return { kind: "conversation", id, subjectId: subjectOf(room, ctx.actor.id), roomId: id, canRead };
}

/** There are no items yet. */
const itemTarget = (): Promise<ReportTarget> => Promise.reject(new AppError("not_found"));

const finders = { message: messageTarget, user: userTarget, item: itemTarget, conversation: conversationTarget } as const;

/**
 * Finds what the actor reports.
 * @throws AppError `not_found` if the actor cannot see it, `report_self` for oneself and one's own message or group
 */
export async function targetForReporter(ctx: AccessCtx, target: TargetDto): Promise<ReportTarget> {
  const found = await finders[target.kind](ctx, target).catch((error: unknown) => {
    // The errors of entering a room would reveal that the message exists.
    throw error instanceof AppError ? new AppError("not_found") : error;
  });
  if (found.subjectId === ctx.actor.id) throw new AppError("report_self");
  return found;
}
