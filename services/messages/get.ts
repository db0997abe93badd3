import type { LiveMessageDto, MessageParams } from "../../utils/contract/schemas/messages.ts";
import type { Ctx } from "../context.ts";
import { messageForMember } from "./changes/change.ts";
import { presentLiveMessage } from "./present.ts";

/** Returns one message that the actor may read. @throws AppError `not_found`, the errors of entering the room */
export async function getMessage(ctx: Ctx<"pool" | "rooms" | "conversations">, { messageId }: MessageParams): Promise<LiveMessageDto> {
  return presentLiveMessage((await messageForMember(ctx, messageId)).message);
}
