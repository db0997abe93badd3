import { setImmediate as nextIteration } from "node:timers/promises";
import { limits } from "../../utils/contract/limits.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { FoundMessageDto, SearchInput } from "../../utils/contract/schemas/search.ts";
import { hasLink } from "../../utils/contract/text/links.ts";
import { writeTimeCursor } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { type MessageRow, presentLiveMessage } from "../messages/present.ts";
import { readByIds } from "../messages/queries.ts";
import { roomForMember } from "../rooms/access.ts";
import { firstPosition, fromMs } from "./date-range.ts";
import { excerptAround } from "./excerpt.ts";
import { matchesIn } from "./highlight.ts";
import { authorToken, hasToken } from "./index/index-tokens.ts";
import { findEntries, type Outcome, type Taken } from "./index-scan.ts";
import { indexKeys, type Key, type Term, termsOf } from "./query-terms.ts";
import { createSearchQueue, searchBusy } from "./queue.ts";
import { type Scope, scopeOf, scopeOfRoom } from "./scope.ts";
import type { Hit, ScanPosition } from "./statements.ts";

/** The part of the search time for the index, in ms; the rest is for reading the hits. */
const INDEX_MS = limits.searchMs - 100;

/** After how much text, in UTF-16 units (1 to 3 ms), the search yields to the event loop. */
const YIELD_UNITS = 4_000;

/** The search queue of this node. */
const queue = createSearchQueue();

type Found = { position: ScanPosition; item: FoundMessageDto };

type SearchQuery = { readonly input: SearchInput; readonly terms: readonly Term[]; readonly scope: Scope };

/** When a search must end, by `performance.now()`: the index queries, and reading the hits. */
type Until = { readonly index: number; readonly reading: number; readonly signal?: AbortSignal | undefined };

const isOver = ({ reading, signal }: Until): boolean => performance.now() > reading || signal?.aborted === true;

const filterKeys = ({ authorId, has }: SearchInput): Key[] => [
  ...(authorId === undefined ? [] : [[authorToken(authorId)]]),
  ...(has === undefined ? [] : [[hasToken(has)]]),
];

function matchesFilters(item: Omit<FoundMessageDto, "excerpt" | "highlights">, { authorId, has }: SearchInput): boolean {
  if (authorId !== undefined && item.author.id !== authorId) return false;
  if (has === "link") return hasLink(item.text);
  return has === undefined || item.attachments.length > 0;
}

/** Returns the current message if it matches the query and the actor may read it. */
async function verify(
  row: MessageRow,
  { input, terms, scope }: SearchQuery,
  languages: readonly string[],
): Promise<FoundMessageDto | null> {
  if (row.deleted_at !== null || row.moderation !== "approved" || !(await scope.mayRead(row.room_id))) return null;
  const item = presentLiveMessage(row);
  const matches = matchesFilters(item, input) ? matchesIn(row.text, { terms, languages }) : null;
  return matches === null ? null : { ...item, ...excerptAround(row.text, matches) };
}

const codes = (...found: (string | null | undefined)[]): string[] => found.filter((code) => code != null);

type Hits = { readonly hits: readonly Hit[]; readonly found: Map<string, Found>; readonly until: Until };

/**
 * Reads the hits of the index, newest first, and adds the matching messages to `found`: at least one hit is read, and further ones while
 * there is time. Yields to the event loop in between.
 */
async function takeHits(ctx: Ctx<"pool" | "rooms">, query: SearchQuery, { hits, found, until }: Hits): Promise<Taken> {
  const ids = hits.map((hit) => hit.message_id);
  const rows = await readByIds(
    ctx.pool,
    ids.filter((id) => !found.has(id)),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  const before = found.size;
  let read = 0;
  let units = 0;
  for (const id of ids) {
    if (read > 0 && isOver(until)) break;
    read += 1;
    const row = byId.get(id);
    if (row === undefined) continue;
    const room = await ctx.rooms.find(row.room_id);
    const item = await verify(row, query, codes(row.language_code, room?.languageCode));
    if (item !== null) found.set(id, { position: { ms: row.created_at.getTime(), id }, item });
    units += row.text.length;
    if (units < YIELD_UNITS) continue;
    units = 0;
    await nextIteration();
  }
  return { read, matched: found.size - before };
}

const pageOf = (found: readonly Found[], limit: number, { next }: Outcome): Page<FoundMessageDto> => {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)?.position : next;
  return { items: shown.map(({ item }) => item), nextCursor: last ? writeTimeCursor(last) : null };
};

const nothing: Page<never> = { items: [], nextCursor: null };

/** By how much the database's clock, which dates messages, may be ahead of this node's. Readiness rejects a larger difference. */
const MAX_CLOCK_AHEAD_MS = 30_000;

/**
 * Whether a scan that began at `before` and stopped at `next` covered a time in which messages can exist. The first window begins a day
 * in the future; a scan that ended there has read nothing, although its position moved.
 */
export function hasScanned(before: ScanPosition, next: ScanPosition | null, now: Date): boolean {
  if (next === null) return true;
  const hasMoved = before.ms !== next.ms || before.id !== next.id;
  return hasMoved && next.ms <= now.getTime() + MAX_CLOCK_AHEAD_MS;
}

async function searchUntil(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations">,
  input: SearchInput,
  until: Until,
): Promise<Page<FoundMessageDto>> {
  const scope = input.roomId === undefined ? await scopeOf(ctx) : scopeOfRoom((await roomForMember(ctx, input.roomId)).id);
  const terms = termsOf(input.q ?? "");
  // A query of punctuation only cannot match anything; without a query text, only the filters apply.
  if (scope.key.length === 0 || (terms.length === 0 && (input.q ?? "").trim() !== "")) return nothing;
  const limit = input.limit ?? DEFAULT_PAGE;
  const now = ctx.now();
  const before = firstPosition(input, now);
  const found = new Map<string, Found>();
  const outcome = await findEntries({
    pool: ctx.pool,
    keys: [...indexKeys(terms), ...filterKeys(input)],
    scope: scope.key,
    fromMs: fromMs(input),
    before,
    amount: limit + 1,
    deadline: until.index,
    signal: until.signal,
    take: (hits) => takeHits(ctx, { input, terms, scope }, { hits, found, until }),
  });
  // An empty page without a scan would report that there is nothing.
  if (found.size === 0 && !hasScanned(before, outcome.next, now)) throw searchBusy();
  return pageOf([...found.values()], limit, outcome);
}

/**
 * Finds messages that the actor may read, newest first, in their current state: never deleted ones, ones that wait for approval, or ones
 * of rooms without access. A new or changed message is found within two seconds. The time limit of a search, `limits.searchMs`, starts
 * when it leaves the queue; results that are not found within it are left to the next page. `signal` cancels the search when the client
 * disconnects.
 * @throws AppError `unavailable` when nothing could be searched, `not_found` and the errors of entering the given room
 */
export const search = (
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations">,
  input: SearchInput,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Page<FoundMessageDto>> =>
  queue(() => {
    const startedAt = performance.now();
    return searchUntil(ctx, input, { index: startedAt + INDEX_MS, reading: startedAt + limits.searchMs, signal });
  }, signal);
