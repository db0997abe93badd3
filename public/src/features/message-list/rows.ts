import { isLive, placeAt } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";

/** The rows of the message list. */
export type Row =
  | { kind: "day"; key: string; at: Date }
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: LiveMessageDto; isHead: boolean }
  /** `who` is the author, if the message was shown before it was deleted: the tombstone itself does not contain it. */
  | { kind: "deleted"; key: string; seq: number; who: AuthorDto | null; isHead: boolean };

/** The part of a list that is in the DOM, by `seq`, both bounds included; `to` is Infinity at the newest. */
export type Span = { from: number; to: number };

/** The reader: how far they had read on opening, or null; their ID; and the messages they saw that may be deleted by now. */
export type Reader = { unreadAfter: number | null; myId: string | null; seen: (messageId: string) => LiveMessageDto | undefined };

const STEP = 80;
const START = 120;
/** Enough to fill a screen: the first paint waits for these only, and `fuller` adds the others. */
const FIRST = 24;
/** Rows added at a time: on a phone, more would make a task that delays a key press. */
const FILL = 8;
const MOST = 240;
const GROUP_MS = 5 * 60_000;

type Items = readonly MessageDto[];

/** The author and time of the message above, or null if nothing may continue it. */
type Above = { authorId: string; at: number } | null;

const ends = (items: Items, span: Span): [start: number, end: number] => [
  placeAt(items, span.from),
  span.to === Infinity ? items.length : placeAt(items, span.to + 1),
];

const spanAt = (items: Items, start: number, end: number): Span => ({
  from: items[Math.max(0, start)]?.seq ?? 0,
  to: end >= items.length ? Infinity : (items[end - 1]?.seq ?? Infinity),
});

export const newestSpan = (items: Items): Span => spanAt(items, items.length - FIRST, items.length);

/** Returns a span that ends at the newest with some more rows at its beginning; null when it has enough rows or all there are. */
export function fuller(items: Items, span: Span): Span | null {
  const start = placeAt(items, span.from);
  if (span.to !== Infinity || start === 0 || items.length - start >= START) return null;
  return spanAt(items, start - FILL, items.length);
}

/** Returns the span around one message. */
export function spanAround(items: Items, seq: number): Span {
  const at = placeAt(items, seq);
  return spanAt(items, at - START / 2, at + START / 2);
}

/** Returns the span moved towards older messages; null when nothing older is loaded. */
export function earlierSpan(items: Items, span: Span): Span | null {
  const [start, end] = ends(items, span);
  if (start === 0) return null;
  const next = Math.max(0, start - STEP);
  return spanAt(items, next, Math.min(end, next + MOST));
}

/** Returns the span moved towards newer messages; null when it ends at the newest. */
export function laterSpan(items: Items, span: Span): Span | null {
  if (span.to === Infinity) return null;
  const [start, end] = ends(items, span);
  const next = Math.min(items.length, end + STEP);
  return spanAt(items, Math.max(start, next - MOST), next);
}

/**
 * Bounds the DOM while messages arrive: at the newest, as many of the oldest rows are removed as new ones are added, never a hundred in one
 * frame; further up, new messages stay outside.
 */
export function boundedSpan(items: Items, span: Span, isFollowing: boolean): Span {
  const [start, end] = ends(items, span);
  if (end - start <= MOST) return span;
  return isFollowing ? spanAt(items, items.length - MOST, items.length) : spanAt(items, start, start + MOST);
}

const day = (at: Date): number => at.getFullYear() * 10_000 + at.getMonth() * 100 + at.getDate();

/** Whether a message belongs to the author group above it. */
export const continues = (above: Above, authorId: string, at: number): boolean =>
  above !== null && above.authorId === authorId && at - above.at < GROUP_MS;

/** Returns another user's first unread message: the unread marker is above it. */
function firstUnread(items: Items, { unreadAfter, myId }: Reader): MessageDto | undefined {
  if (unreadAfter === null) return undefined;
  return items.slice(placeAt(items, unreadAfter + 1)).find((item) => isLive(item) && item.author.id !== myId);
}

/** Returns the rows of a span: days, the unread marker, messages grouped by author. */
export function rowsOf(items: Items, span: Span, reader: Reader): Row[] {
  const [start, end] = ends(items, span);
  const rows: Row[] = [];
  const unread = firstUnread(items, reader);
  let above: Above = null;
  let shownDay = 0;
  for (const item of items.slice(start, end)) {
    if (!isLive(item)) {
      const seen = reader.seen(item.id);
      const at = Date.parse(seen?.createdAt ?? "");
      const isHead = seen !== undefined && !continues(above, seen.author.id, at);
      rows.push({ kind: "deleted", key: item.id, seq: item.seq, who: seen?.author ?? null, isHead });
      above = seen ? { authorId: seen.author.id, at } : null;
      continue;
    }
    const at = new Date(item.createdAt);
    if (day(at) !== shownDay) {
      shownDay = day(at);
      rows.push({ kind: "day", key: `day:${shownDay}:${item.seq}`, at });
      above = null;
    }
    // Below the day row: the new messages are of that day.
    if (item === unread) {
      rows.push({ kind: "unread", key: "unread" });
      above = null;
    }
    rows.push({
      kind: "message",
      key: `${item.author.id}:${item.clientMessageId}`,
      message: item,
      // The quoted message is shown above the name.
      isHead: item.replyTo !== null || !continues(above, item.author.id, at.getTime()),
    });
    above = { authorId: item.author.id, at: at.getTime() };
  }
  return rows;
}

/** Returns the messages among rows as last seen, including those deleted by now. */
export function seenIn(rows: readonly Row[], before: ReadonlyMap<string, LiveMessageDto>): ReadonlyMap<string, LiveMessageDto> {
  const seen = new Map<string, LiveMessageDto>();
  for (const row of rows) {
    const message = row.kind === "message" ? row.message : row.kind === "deleted" ? before.get(row.key) : undefined;
    if (message) seen.set(message.id, message);
  }
  return seen;
}

/** Whether two rows with the same key look the same. */
function isSame(a: Row, b: Row): boolean {
  if (a.kind === "message") return b.kind === "message" && a.message === b.message && a.isHead === b.isHead;
  if (a.kind === "deleted") return b.kind === "deleted" && a.who === b.who && a.isHead === b.isHead;
  return a.kind === b.kind;
}

/** Returns `next` with the objects of `before` where nothing changed, so that only changed rows are rendered again. */
export function withKnown(next: readonly Row[], before: readonly Row[]): Row[] {
  const known = new Map(before.map((row) => [row.key, row]));
  return next.map((row) => {
    const old = known.get(row.key);
    return old && isSame(old, row) ? old : row;
  });
}
