import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { RoomParams } from "../../utils/contract/schemas/rooms.ts";
import type { Ctx } from "../context.ts";
import { viewOf } from "./access.ts";

/**
 * Returns one of the actor's conversations.
 * @throws AppError `not_found` if the actor is not in it
 */
export const getConversation = (ctx: Ctx<"pool" | "now">, { roomId }: RoomParams): Promise<ConversationDto> => viewOf(ctx, roomId);
