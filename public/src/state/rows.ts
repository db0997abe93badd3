import { isLive, placeAt } from "../../../utils/client/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../utils/contract/messages.ts";

/** What the log shows, line by line. */
export type Row =
  | { kind: "day"; key: string; at: Date }
  | { kind: "unread"; key: string }
  | { kind: "message"; key: string; message: LiveMessageDto; isHead: boolean }
  | { kind: "deleted"; key: string; seq: number };

/** The part of a list that is in the DOM, by `seq`, both ends included; `to` is Infinity at the newest. */
export type Span = { from: number; to: number };

/** Who looks: how far they had read when they came, or null, and who they are. */
export type Reader = { unreadAfter: number | null; myId: string | null };

const STEP = 80;
const START = 120;
const MOST = 240;
const GROUP_MS = 5 * 60_000;

type Items = readonly MessageDto[];

const ends = (items: Items, span: Span): [start: number, end: number] => [
  placeAt(items, span.from),
  span.to === Infinity ? items.length : placeAt(items, span.to + 1),
];

const spanAt = (items: Items, start: number, end: number): Span => ({
  from: items[Math.max(0, start)]?.seq ?? 0,
  to: end >= items.length ? Infinity : (items[end - 1]?.seq ?? Infinity),
});

export const newestSpan = (items: Items): Span => spanAt(items, items.length - START, items.length);

/** The span around one message. */
export function spanAround(items: Items, seq: number): Span {
  const at = placeAt(items, seq);
  return spanAt(items, at - START / 2, at + START / 2);
}

/** The span moved towards the past; null when nothing earlier is held. */
export function earlierSpan(items: Items, span: Span): Span | null {
  const [start, end] = ends(items, span);
  if (start === 0) return null;
  const next = Math.max(0, start - STEP);
  return spanAt(items, next, Math.min(end, next + MOST));
}

/** The span moved towards the present; null when it is there. */
export function laterSpan(items: Items, span: Span): Span | null {
  if (span.to === Infinity) return null;
  const [start, end] = ends(items, span);
  const next = Math.min(items.length, end + STEP);
  return spanAt(items, Math.max(start, next - MOST), next);
}

/** Keeps the DOM bounded while messages come: at the newest the oldest rows go, further up the newest wait outside. */
export function boundedSpan(items: Items, span: Span, isFollowing: boolean): Span {
  const [start, end] = ends(items, span);
  if (end - start <= MOST) return span;
  return isFollowing ? newestSpan(items) : spanAt(items, start, start + MOST);
}

const day = (at: Date): number => at.getFullYear() * 10_000 + at.getMonth() * 100 + at.getDate();

/** Whether a message belongs under the name above it. */
export const continues = (above: { authorId: string; at: number } | null, authorId: string, at: number): boolean =>
  above !== null && above.authorId === authorId && at - above.at < GROUP_MS;

/** The first message of somebody else beyond what was read: the unread line stands above it. */
function firstUnread(items: Items, { unreadAfter, myId }: Reader): MessageDto | undefined {
  if (unreadAfter === null) return undefined;
  return items.slice(placeAt(items, unreadAfter + 1)).find((item) => isLive(item) && item.author.id !== myId);
}

/** The rows of a span: days, the unread line, messages grouped by author. */
export function rowsOf(items: Items, span: Span, reader: Reader): Row[] {
  const [start, end] = ends(items, span);
  const rows: Row[] = [];
  const unread = firstUnread(items, reader);
  let above: { authorId: string; at: number } | null = null;
  let shownDay = 0;
  for (const item of items.slice(start, end)) {
    if (item === unread) {
      rows.push({ kind: "unread", key: "unread" });
      above = null;
    }
    if (!isLive(item)) {
      rows.push({ kind: "deleted", key: item.id, seq: item.seq });
      above = null;
      continue;
    }
    const at = new Date(item.createdAt);
    if (day(at) !== shownDay) {
      shownDay = day(at);
      rows.push({ kind: "day", key: `day:${shownDay}:${item.seq}`, at });
      above = null;
    }
    rows.push({
      kind: "message",
      key: `${item.author.id}:${item.clientMessageId}`,
      message: item,
      // What it answers stands above the name.
      isHead: item.replyTo !== null || !continues(above, item.author.id, at.getTime()),
    });
    above = { authorId: item.author.id, at: at.getTime() };
  }
  return rows;
}
