import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Services } from "../context.ts";

/**
 * Makes somebody vanish from the rooms they are in, or come into sight again, as far as this node knows them. Others see
 * somebody leave or come; nothing tells it from the real thing. Nothing happens where it is so already.
 */
export function appear(
  { presence, visits, typing }: Pick<Services, "presence" | "visits" | "typing">,
  author: AuthorDto,
  { isInvisible }: { isInvisible: boolean },
): void {
  for (const roomId of presence.setHidden(author, isInvisible)) {
    if (!isInvisible) visits.came(roomId, author);
    else {
      typing.stop(roomId, author.id);
      visits.went(roomId, author);
    }
  }
}
