import type { ListMessagesInput, LiveMessageDto } from "../../utils/contract/schemas/messages.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { Ctx } from "../context.ts";
import { roomForMember } from "../rooms/access.ts";
import { type MessageRow, presentLiveMessage } from "./present.ts";
import { NEWEST_SEQ, readPage } from "./queries.ts";

/** The position of a page: before, after or around a number. A cursor encodes the first two: `b120`, `a120`. */
type ListPosition = { side: "before" | "after" | "around"; seq: number };

function positionOf(input: ListMessagesInput): ListPosition {
  if (input.cursor) return { side: input.cursor.startsWith("b") ? "before" : "after", seq: Number(input.cursor.slice(1)) };
  if (input.around !== undefined) return { side: "around", seq: input.around };
  if (input.after !== undefined) return { side: "after", seq: input.after };
  return { side: "before", seq: input.before ?? NEWEST_SEQ };
}

/** Reads one row more than requested, to know whether there are more. */
async function readSide(
  ctx: Ctx<"pool" | "catchUps">,
  side: "before" | "upTo" | "after",
  at: { roomId: string; seq: number; limit: number },
) {
  const read = (): Promise<MessageRow[]> => readPage(ctx.pool, side, { ...at, limit: at.limit + 1 });
  // Reconnecting clients also catch up by pages of newer messages.
  const rows = side === "after" ? await ctx.catchUps.run(read) : await read();
  return { rows: rows.slice(0, at.limit), hasMore: rows.length > at.limit };
}

const page = (newestFirst: MessageRow[], nextCursor: string | null): Page<LiveMessageDto> => ({
  items: newestFirst.map(presentLiveMessage),
  nextCursor,
});

const olderCursor = (rows: MessageRow[], hasMore: boolean): string | null => (hasMore ? `b${rows.at(-1)?.seq}` : null);

async function readAround(
  ctx: Ctx<"pool" | "catchUps">,
  at: { roomId: string; seq: number; limit: number },
): Promise<Page<LiveMessageDto>> {
  const upTo = await readSide(ctx, "upTo", { ...at, limit: Math.ceil(at.limit / 2) });
  const after = await readSide(ctx, "after", { ...at, limit: Math.floor(at.limit / 2) });
  return page([...after.rows.reverse(), ...upTo.rows], olderCursor(upTo.rows, upTo.hasMore));
}

/**
 * Returns a page of a room's history, newest first, without deleted and unapproved messages. `nextCursor` continues in the requested
 * direction: to older messages, or with `after` to newer ones.
 * @throws AppError `not_found` and the errors of entering the room
 */
export async function listMessages(
  ctx: Ctx<"pool" | "rooms" | "catchUps" | "conversations">,
  input: ListMessagesInput,
): Promise<Page<LiveMessageDto>> {
  const room = await roomForMember(ctx, input.roomId);
  const position = positionOf(input);
  const at = { roomId: room.id, seq: position.seq, limit: input.limit ?? DEFAULT_PAGE };
  if (position.side === "around") return readAround(ctx, at);
  const { rows, hasMore } = await readSide(ctx, position.side, at);
  if (position.side === "before") return page(rows, olderCursor(rows, hasMore));
  const nextCursor = hasMore ? `a${rows.at(-1)?.seq}` : null;
  return page(rows.reverse(), nextCursor);
}
