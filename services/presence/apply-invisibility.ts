import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Services } from "../context.ts";

/**
 * Hides a user in the rooms they are in, or shows them again, on this node. For others this looks exactly like leaving or joining. Nothing
 * happens if the state is unchanged.
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
