import type { BlockDto, ListBlocksInput } from "../../utils/contract/conversations.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/primitives.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { presentAuthor } from "../users/present.ts";

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whom one has blocked, the newest first; the cursor is the last person seen. */
export async function listBlocks({ db, actor }: Ctx, input: ListBlocksInput): Promise<Page<BlockDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  if (input.cursor !== undefined && !ID.test(input.cursor))
    throw new AppError("invalid_input", { errors: [{ path: "cursor", message: "is not one of this list" }] });
  const rows = await db.block.findMany({
    where: { userId: actor.id },
    include: { blocked: true },
    orderBy: [{ createdAt: "desc" }, { blockedId: "desc" }],
    take: limit + 1,
    ...(input.cursor !== undefined && {
      cursor: { userId_blockedId: { userId: actor.id, blockedId: input.cursor } },
      skip: 1,
    }),
  });
  const page = rows.slice(0, limit);
  return {
    items: page.map(({ blocked, createdAt }) => ({ user: presentAuthor(blocked), createdAt: createdAt.toISOString() })),
    nextCursor: rows.length > limit ? (page.at(-1)?.blockedId ?? null) : null,
  };
}
