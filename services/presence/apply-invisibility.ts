import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Services } from "../context.ts";

/**
 * Makes somebody vanish from the rooms they are in, or come into sight again, as far as this node knows them. Others see
 * somebody leave or come; nothing tells it from the real thing. Nothing happens where it is so already.
 */
export function applyInvisibility(
  { presence, joinLeaveBatcher, typing }: Pick<Services, "presence" | "joinLeaveBatcher" | "typing">,
  author: AuthorDto,
  { isInvisible }: { isInvisible: boolean },
): void {
  for (const roomId of presence.setHidden(author, isInvisible)) {
    if (!isInvisible) joinLeaveBatcher.recordJoin(roomId, author);
    else {
      typing.stop(roomId, author.id);
      joinLeaveBatcher.recordLeave(roomId, author);
    }
  }
}
