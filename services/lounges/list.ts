import type { ListLoungesInput, LoungeDto } from "../../utils/contract/schemas/lounges.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { invalidCursor, UUID } from "../../utils/cursor.ts";
import type { OpenCtx } from "../context.ts";
import { mayEnterLounge } from "../rooms/policy.ts";
import type { ListedLounge } from "./lounge-cache.ts";
import { presentLounge } from "./present.ts";

/** Lists the active lounges in the operator's order, each with the reason why it is closed to the caller. Private lounges are omitted. */
export async function listLounges(
  ctx: OpenCtx<"lounges" | "presence">,
  { cursor, limit = DEFAULT_PAGE }: ListLoungesInput,
): Promise<Page<LoungeDto>> {
  const isAfter = afterCursor(cursor);
  const lounges = (await ctx.lounges.list()).filter(isAfter);
  const items = lounges.slice(0, limit);
  const last = lounges.length > limit ? items.at(-1) : undefined;
  return {
    items: items.map((lounge) => presentLounge(lounge, mayEnterLounge(ctx.actor, lounge), ctx.presence)),
    nextCursor: last ? `${last.position}.${last.id}` : null,
  };
}

const CURSOR = new RegExp(`^(\\d{1,9})\\.(${UUID})$`);

/** Returns whether a lounge comes after the cursor, which contains the position and id of the last lounge. */
function afterCursor(cursor: string | undefined): (lounge: ListedLounge) => boolean {
  if (cursor === undefined) return () => true;
  const [, text, id] = CURSOR.exec(cursor) ?? [];
  if (text === undefined || id === undefined) return invalidCursor();
  const position = Number(text);
  return (lounge) => lounge.position > position || (lounge.position === position && lounge.id > id);
}
