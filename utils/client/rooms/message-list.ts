import type { LiveMessageDto, MessageDto, ReplyToDto } from "../../contract/schemas/messages.ts";
import type { AuthorDto } from "../../contract/schemas/users.ts";
import { excerptOf } from "../../contract/text/excerpt.ts";

/** Messages in the order of `seq`, one per message. A list is never changed: every function returns another one, or the same. */
export type MessageList = readonly MessageDto[];

/** The part of a room that a list covers, by `seq`, both ends included. */
export type Window = { readonly floor: number; readonly ceiling?: number };

/**
 * What a list knows beside its messages. One object is shared by all versions of a list, so it may name replies that a version
 * does not hold; look-ups check that.
 */
type Links = {
  /** The `seq` of the replies to a message, by the parent's id: a change of a parent visits its replies alone. */
  readonly replies: Map<string, Set<number>>;
  /**
   * The newest states of changed messages outside the window, by id, the latest change last. A page of history that was read before
   * such a change, and arrives after it, must not bring the old state into the list.
   */
  readonly outside: Map<string, MessageDto>;
};

/** Messages outside the window whose newest state is remembered. They matter for the time of one request. */
const OUTSIDE_MAX = 500;

const linksByList = new WeakMap<MessageList, Links>();

export const isLive = (message: MessageDto): message is LiveMessageDto => message.deletedAt === null;

/** The place of the first item whose `seq` is not below the given one. */
export function placeAt(items: MessageList, seq: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((items[middle]?.seq ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns what a reply shows of its parent message. */
export const replyToOf = (parent: MessageDto): ReplyToDto =>
  isLive(parent)
    ? { id: parent.id, seq: parent.seq, authorName: parent.author.displayName, excerpt: excerptOf(parent.text) }
    : { id: parent.id, seq: parent.seq, authorName: null, excerpt: null };

function noteReply({ replies }: Links, message: MessageDto): void {
  if (!isLive(message) || message.replyTo === null) return;
  const known = replies.get(message.replyTo.id);
  if (known) known.add(message.seq);
  else replies.set(message.replyTo.id, new Set([message.seq]));
}

function freshLinks(items: MessageList, outside = new Map<string, MessageDto>()): Links {
  const links: Links = { replies: new Map(), outside };
  for (const message of items) noteReply(links, message);
  return links;
}

/** An empty list has no links of its own: rooms that have nothing yet may share it. */
const linksOf = (items: MessageList): Links => linksByList.get(items) ?? freshLinks(items);

function keepLinks(items: MessageList, links: Links): MessageList {
  if (items.length > 0) linksByList.set(items, links);
  return items;
}

const isNewer = (next: MessageDto, held: MessageDto | undefined): boolean => held === undefined || next.changedSeq >= held.changedSeq;

function rememberOutside({ outside }: Links, message: MessageDto): void {
  if (!isNewer(message, outside.get(message.id))) return;
  outside.delete(message.id);
  outside.set(message.id, message);
  const oldest = outside.keys().next().value;
  if (outside.size > OUTSIDE_MAX && oldest !== undefined) outside.delete(oldest);
}

/** The list with some messages put in their places; the newer state of each wins. The same list when it has newer states of all. */
function placed(items: MessageList, kept: MessageList): MessageList {
  if (kept.length === 0) return items;
  const last = items.at(-1)?.seq ?? -1;
  const isTail = kept.every((message, at) => message.seq > (at === 0 ? last : (kept[at - 1]?.seq ?? 0)));
  if (isTail) return [...items, ...kept];
  const replaced = new Map<number, MessageDto>();
  const added = new Map<number, MessageDto>();
  for (const message of kept) {
    const at = placeAt(items, message.seq);
    const held = items[at]?.seq === message.seq ? items[at] : undefined;
    const into = held ? replaced : added;
    const key = held ? at : message.seq;
    if (isNewer(message, into.get(key) ?? held)) into.set(key, message);
  }
  const next = withReplaced(items, replaced);
  return added.size === 0 ? next : [...next, ...added.values()].sort((a, b) => a.seq - b.seq);
}

/** The list with other states at some of its places. The same list where there are none. */
function withReplaced(items: MessageList, byPlace: ReadonlyMap<number, MessageDto>): MessageList {
  if (byPlace.size === 0) return items;
  const next = [...items];
  for (const [at, message] of byPlace) next[at] = message;
  return next;
}

/** The newest state that is known of a message: held in the list, or remembered from outside its window. */
function stateOf(list: MessageList, links: Links, { id, seq }: Pick<MessageDto, "id" | "seq">): MessageDto | undefined {
  const held = list[placeAt(list, seq)];
  return held?.id === id ? held : links.outside.get(id);
}

const isSame = (a: ReplyToDto, b: ReplyToDto): boolean => a.authorName === b.authorName && a.excerpt === b.excerpt;

/** Replies in a list that show an old state of a parent, by their place in it. */
function staleReplies(list: MessageList, links: Links, parents: MessageList): Map<number, LiveMessageDto> {
  const stale = new Map<number, LiveMessageDto>();
  for (const parent of parents) {
    const replies = links.replies.get(parent.id);
    if (replies === undefined) continue;
    const replyTo = replyToOf(parent);
    for (const seq of replies) {
      const at = placeAt(list, seq);
      const reply = list[at];
      if (reply?.seq !== seq || !isLive(reply) || reply.replyTo?.id !== parent.id) continue;
      if (!isSame(reply.replyTo, replyTo)) stale.set(at, { ...reply, replyTo });
    }
  }
  return stale;
}

/** The newest states of all parents that are among some messages, or are answered by one of them. */
function parentsAmong(list: MessageList, links: Links, messages: MessageList): MessageDto[] {
  const parents = new Map<string, MessageDto>();
  const add = (message: Pick<MessageDto, "id" | "seq">): void => {
    const state = parents.has(message.id) ? undefined : stateOf(list, links, message);
    if (state) parents.set(message.id, state);
  };
  for (const message of messages) {
    if (links.replies.has(message.id)) add(message);
    if (isLive(message) && message.replyTo !== null) add(message.replyTo);
  }
  return [...parents.values()];
}

/**
 * Merges messages into a list: by id, the newer state wins, in the order of `seq`, nothing outside the window. Replies in the list
 * show the newest state that is known of their parents, also of a parent outside the window.
 * @returns the same list when nothing in it changes
 */
export function merged(items: MessageList, news: MessageList, { floor, ceiling = Number.POSITIVE_INFINITY }: Window): MessageList {
  const links = linksOf(items);
  const kept: MessageDto[] = [];
  for (const message of news) {
    if (message.seq < floor || message.seq > ceiling) {
      rememberOutside(links, message);
      continue;
    }
    const remembered = links.outside.get(message.id);
    kept.push(remembered && !isNewer(message, remembered) ? remembered : message);
    links.outside.delete(message.id);
  }
  for (const message of kept) noteReply(links, message);
  const list = placed(items, kept);
  return keepLinks(withReplaced(list, staleReplies(list, links, parentsAmong(list, links, news))), links);
}

const isAlike = (a: AuthorDto, b: AuthorDto): boolean =>
  a.displayName === b.displayName && a.avatarUrl === b.avatarUrl && a.kind === b.kind && a.role === b.role;

/** Returns the list with a user's messages, and the replies to them, under the user's present name. The same list when nothing in it changes. */
export function renamed(items: MessageList, user: AuthorDto): MessageList {
  const isOld = (item: MessageDto): item is LiveMessageDto => isLive(item) && item.author.id === user.id && !isAlike(item.author, user);
  const links = linksOf(items);
  const outside = [...links.outside.values()].filter(isOld).map((item) => ({ ...item, author: user }));
  for (const item of outside) links.outside.set(item.id, item);
  const own: MessageDto[] = [];
  const list = items.map((item) => {
    if (!isOld(item)) return item;
    const next = { ...item, author: user };
    own.push(next);
    return next;
  });
  const stale = staleReplies(list, links, [...own, ...outside]);
  return own.length === 0 && stale.size === 0 ? items : keepLinks(withReplaced(list, stale), links);
}

/** Returns the last messages of a list alone. */
export function lastOf(items: MessageList, most: number): MessageList {
  const last = items.slice(-most);
  return keepLinks(last, freshLinks(last, linksOf(items).outside));
}

/** Returns the newest states of changed messages that lie outside the list's window, as far as they are remembered. */
export const changesOutside = (items: MessageList): MessageDto[] => [...linksOf(items).outside.values()];
