import pLimit from "p-limit";
import { limits } from "../../utils/contract/limits.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/primitives.ts";
import type { FoundMessageDto, SearchInput } from "../../utils/contract/search.ts";
import { writeMoment } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { type MessageRow, presentLiveMessage } from "../messages/present.ts";
import { readByIds } from "../messages/queries.ts";
import { hasLink } from "../messages/text-rules.ts";
import { roomForMember } from "../rooms/access.ts";
import { excerptAround } from "./excerpt.ts";
import { findEntries, type Outcome } from "./find.ts";
import { placesIn } from "./match.ts";
import { type Scope, scopeOf, scopeOfRoom } from "./scope.ts";
import { firstPlace, fromMs } from "./span.ts";
import type { Hit, Place } from "./statements.ts";
import { indexKeys, type Key, type Term, termsOf } from "./terms.ts";
import { authorToken, hasToken } from "./tokens.ts";

/** What of the time for a search may be spent with the index; the rest is for reading what was found. */
const INDEX_MS = limits.searchMs - 100;

/** So many searches at once on one node: they must leave connections to those who talk. */
const lane = pLimit(4);

type Found = { place: Place; item: FoundMessageDto };

type Question = { readonly input: SearchInput; readonly terms: readonly Term[]; readonly scope: Scope };

const filterKeys = ({ authorId, has }: SearchInput): Key[] => [
  ...(authorId === undefined ? [] : [[authorToken(authorId)]]),
  ...(has === undefined ? [] : [[hasToken(has)]]),
];

function passes(item: Omit<FoundMessageDto, "excerpt" | "highlights">, { authorId, has }: SearchInput): boolean {
  if (authorId !== undefined && item.author.id !== authorId) return false;
  if (has === "link") return hasLink(item.text);
  return has === undefined || item.attachments.length > 0;
}

/** One message as it stands now, if it is what was asked for and may be read by who asks. */
async function look(row: MessageRow, { input, terms, scope }: Question, languages: readonly string[]): Promise<FoundMessageDto | null> {
  if (row.deleted_at !== null || row.moderation !== "approved" || !(await scope.mayRead(row.room_id))) return null;
  const item = presentLiveMessage(row);
  const places = passes(item, input) ? placesIn(row.text, { terms, languages }) : null;
  return places === null ? null : { ...item, ...excerptAround(row.text, places) };
}

const codes = (...found: (string | null | undefined)[]): string[] => found.filter((code) => code != null);

/** Reads what the index named, newest first, and adds what it really is to `found`. */
async function takeHits(
  ctx: Ctx,
  question: Question,
  { hits, found }: { hits: readonly Hit[]; found: Map<string, Found> },
): Promise<number> {
  const ids = hits.map((hit) => hit.message_id).filter((id) => !found.has(id));
  const byId = new Map((await readByIds(ctx.pool, ids)).map((row) => [row.id, row]));
  const before = found.size;
  for (const id of ids) {
    const row = byId.get(id);
    if (row === undefined) continue;
    const room = await ctx.rooms.find(row.room_id);
    const item = await look(row, question, codes(row.language_code, room?.languageCode));
    if (item !== null) found.set(id, { place: { ms: row.created_at.getTime(), id }, item });
  }
  return found.size - before;
}

const pageOf = (found: readonly Found[], limit: number, { next }: Outcome): Page<FoundMessageDto> => {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)?.place : next;
  return { items: shown.map(({ item }) => item), nextCursor: last ? writeMoment(last) : null };
};

const nothing: Page<never> = { items: [], nextCursor: null };

async function searchWithin(ctx: Ctx, input: SearchInput, deadline: number): Promise<Page<FoundMessageDto>> {
  const scope = input.roomId === undefined ? await scopeOf(ctx) : scopeOfRoom((await roomForMember(ctx, input.roomId)).id);
  const terms = termsOf(input.q ?? "");
  // A question of signs alone names nothing that could be found; without one, the filters are the question.
  if (scope.key.length === 0 || (terms.length === 0 && (input.q ?? "").trim() !== "")) return nothing;
  const limit = input.limit ?? DEFAULT_PAGE;
  const found = new Map<string, Found>();
  const outcome = await findEntries({
    pool: ctx.pool,
    keys: [...indexKeys(terms), ...filterKeys(input)],
    scope: scope.key,
    fromMs: fromMs(input),
    before: firstPlace(input, ctx.now()),
    amount: limit + 1,
    deadline,
    take: (hits) => takeHits(ctx, { input, terms, scope }, { hits, found }),
  });
  return pageOf([...found.values()], limit, outcome);
}

/**
 * Finds messages that the actor may read, newest first, as they stand now: never a deleted one, one that waits for approval, or one of
 * a room that is closed to them. A new or changed message is found within two seconds. What is not found within `limits.searchMs` is
 * left to the next page.
 * @throws AppError `not_found` and the refusals of the door of the room that was named
 */
export const search = (ctx: Ctx, input: SearchInput): Promise<Page<FoundMessageDto>> => {
  const deadline = performance.now() + INDEX_MS;
  return lane(() => searchWithin(ctx, input, deadline));
};
