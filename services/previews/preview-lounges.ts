import type { LoungePreviewsDto } from "../../utils/contract/schemas/previews.ts";
import { withoutBlocked } from "../blocks/without-blocked.ts";
import type { OpenCtx } from "../context.ts";
import { openLounges } from "../lounges/preview-candidates.ts";
import { presentPreview } from "./preview-text.ts";

/**
 * Returns a preview of each open lounge: the latest message of its most active room, in the order of the lounges. Lounges without any
 * message are omitted, and so are messages of users whom the caller has blocked.
 */
export async function previewLounges(ctx: OpenCtx<"db" | "lounges" | "previews">): Promise<LoungePreviewsDto> {
  const rows = await withoutBlocked(ctx, await ctx.previews.lounges());
  const byLounge = new Map(rows.map((row) => [row.lounge_id, row]));
  const inOrder = (await openLounges(ctx.lounges)).flatMap(({ id }) => byLounge.get(id) ?? []);
  return { items: inOrder.map((row) => ({ loungeId: row.lounge_id, roomId: row.room_id, message: presentPreview(row) })) };
}
