import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { RoomParams } from "../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "./access.ts";

/**
 * One of one's conversations.
 * @throws AppError `not_found` for what is not one's own
 */
export const getConversation = (ctx: Ctx, { roomId }: RoomParams): Promise<ConversationDto> => viewOf(ctx, roomId);
