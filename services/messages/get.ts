import type { LiveMessageDto, MessageParams } from "../../utils/contract/schemas/messages.ts";
import type { Ctx } from "../context.ts";
import { messageForMember } from "./changes/change.ts";
import { presentLiveMessage } from "./present.ts";

/** One message that the actor may read. @throws AppError `not_found`, the refusals of the room's door */
export async function getMessage(ctx: Ctx, { messageId }: MessageParams): Promise<LiveMessageDto> {
  return presentLiveMessage((await messageForMember(ctx, messageId)).message);
}
