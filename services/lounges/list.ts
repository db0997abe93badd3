import type { ListLoungesInput, LoungeDto } from "../../utils/contract/lounges.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/primitives.ts";
import { refuseCursor, UUID } from "../../utils/cursor.ts";
import type { OpenCtx } from "../context.ts";
import { mayEnterLounge } from "../rooms/policy.ts";
import { presentLounge } from "./present.ts";

/** The active lounges, in the operator's order, with why one is closed to the caller. Private ones are not shown. */
export async function listLounges(ctx: OpenCtx, input: ListLoungesInput): Promise<Page<LoungeDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const lounges = await ctx.db.lounge.findMany({
    where: { isActive: true, NOT: { accessLevel: "private" }, ...after(input.cursor) },
    orderBy: [{ position: "asc" }, { id: "asc" }],
    take: limit + 1,
    include: { rooms: { where: { kind: "language" }, orderBy: { languageCode: "asc" } } },
  });
  const items = lounges.slice(0, limit);
  const last = lounges.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map((lounge) => presentLounge(lounge, mayEnterLounge(ctx.actor, lounge), ctx.presence)),
    nextCursor: last ? `${last.position}.${last.id}` : null,
  };
}

const CURSOR = new RegExp(`^(\\d{1,9})\\.(${UUID})$`);

/** What lies behind a cursor: the position and id of the last lounge seen. */
function after(cursor: string | undefined) {
  if (cursor === undefined) return {};
  const [, position, id] = CURSOR.exec(cursor) ?? [];
  if (position === undefined || id === undefined) return refuseCursor();
  return { OR: [{ position: { gt: Number(position) } }, { position: Number(position), id: { gt: id } }] };
}
