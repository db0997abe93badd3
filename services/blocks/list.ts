import type { BlockDto, ListBlocksInput } from "../../utils/contract/schemas/conversations.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { readCursorId } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { presentAuthor } from "../users/present.ts";

/** Returns the users whom the caller has blocked, newest first; the cursor is the last user of the page. */
export async function listBlocks({ db, actor }: Ctx<"db">, input: ListBlocksInput): Promise<Page<BlockDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const lastSeen = readCursorId(input.cursor);
  const rows = await db.block.findMany({
    where: { userId: actor.id },
    include: { blocked: true },
    orderBy: [{ createdAt: "desc" }, { blockedId: "desc" }],
    take: limit + 1,
    ...(lastSeen !== null && {
      cursor: { userId_blockedId: { userId: actor.id, blockedId: lastSeen } },
      skip: 1,
    }),
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map(({ blocked, createdAt }) => ({ user: presentAuthor(blocked), createdAt: createdAt.toISOString() })),
    nextCursor: rows.length > limit ? (page.at(-1)?.blockedId ?? null) : null,
  };
}
