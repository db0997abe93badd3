import type { LiveMessageDto, MessageDto, ReplyToDto } from "../../contract/schemas/messages.ts";
import type { AuthorDto } from "../../contract/schemas/users.ts";
import { excerptOf } from "../../contract/text/excerpt.ts";

/** Messages ordered by `seq`, one entry per message. Lists are immutable: every function returns a new list, or the same one. */
export type MessageList = readonly MessageDto[];

/** The range of a room that a list covers, by `seq`, both ends inclusive. */
export type Window = { readonly floor: number; readonly ceiling?: number };

/**
 * Data about a list besides its messages. All versions of a list share one object, so it may contain replies that are missing in a version;
 * look-ups check for that.
 */
type Links = {
  /** The `seq` of the replies to a message, by the parent's id, so that a change of a parent only touches its replies. */
  readonly replies: Map<string, Set<number>>;
  /**
   * The newest states of changed messages outside the window, by id, the latest change last. A page of history that was read before such a
   * change, but arrives after it, must not bring back the old state.
   */
  readonly outside: Map<string, MessageDto>;
};

/** The maximum number of messages outside the window whose newest state is kept. They matter only for the duration of one request. */
const OUTSIDE_MAX = 500;

const linksByList = new WeakMap<MessageList, Links>();

export const isLive = (message: MessageDto): message is LiveMessageDto => message.deletedAt === null;

/** Returns the index of the first message whose `seq` is at least the given one. */
export function positionOf(items: MessageList, seq: number): number {
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

/** An empty list has no links of its own, because rooms without messages may share it. */
const linksOf = (items: MessageList): Links => linksByList.get(items) ?? freshLinks(items);

function keepLinks(items: MessageList, links: Links): MessageList {
  if (items.length > 0) linksByList.set(items, links);
  return items;
}

const isNewer = (next: MessageDto, existing: MessageDto | undefined): boolean =>
  existing === undefined || next.changedSeq >= existing.changedSeq;

function rememberOutside({ outside }: Links, message: MessageDto): void {
  if (!isNewer(message, outside.get(message.id))) return;
  outside.delete(message.id);
  outside.set(message.id, message);
  const oldest = outside.keys().next().value;
  if (outside.size > OUTSIDE_MAX && oldest !== undefined) outside.delete(oldest);
}

/** Returns the list with messages inserted or replaced; the newer state of each wins. Returns the same list if its states are all newer. */
function placed(items: MessageList, kept: MessageList): MessageList {
  if (kept.length === 0) return items;
  const last = items.at(-1)?.seq ?? -1;
  const isTail = kept.every((message, at) => message.seq > (at === 0 ? last : (kept[at - 1]?.seq ?? 0)));
  if (isTail) return [...items, ...kept];
  const replaced = new Map<number, MessageDto>();
  const added = new Map<number, MessageDto>();
  for (const message of kept) {
    const at = positionOf(items, message.seq);
    const existing = items[at]?.seq === message.seq ? items[at] : undefined;
    const into = existing ? replaced : added;
    const key = existing ? at : message.seq;
    if (isNewer(message, into.get(key) ?? existing)) into.set(key, message);
  }
  const next = withReplaced(items, replaced);
  return added.size === 0 ? next : [...next, ...added.values()].sort((a, b) => a.seq - b.seq);
}

/** Returns the list with the messages at some indexes replaced. Returns the same list if there are none. */
function withReplaced(items: MessageList, byIndex: ReadonlyMap<number, MessageDto>): MessageList {
  if (byIndex.size === 0) return items;
  const next = [...items];
  for (const [at, message] of byIndex) next[at] = message;
  return next;
}

/** Returns the newest known state of a message: from the list, or remembered from outside its window. */
function stateOf(list: MessageList, links: Links, { id, seq }: Pick<MessageDto, "id" | "seq">): MessageDto | undefined {
  const existing = list[positionOf(list, seq)];
  return existing?.id === id ? existing : links.outside.get(id);
}

const isSame = (a: ReplyToDto, b: ReplyToDto): boolean => a.authorName === b.authorName && a.excerpt === b.excerpt;

/** Returns the replies in a list that show an outdated state of a parent, by index. */
function staleReplies(list: MessageList, links: Links, parents: MessageList): Map<number, LiveMessageDto> {
  const stale = new Map<number, LiveMessageDto>();
  for (const parent of parents) {
    const replies = links.replies.get(parent.id);
    if (replies === undefined) continue;
    const replyTo = replyToOf(parent);
    for (const seq of replies) {
      const at = positionOf(list, seq);
      const reply = list[at];
      if (reply?.seq !== seq || !isLive(reply) || reply.replyTo?.id !== parent.id) continue;
      if (!isSame(reply.replyTo, replyTo)) stale.set(at, { ...reply, replyTo });
    }
  }
  return stale;
}

/** Returns the newest states of all parents that are among the messages, or that one of the messages replies to. */
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
 * Merges messages into a list: by id, the newer state wins, ordered by `seq`, without messages outside the window. Replies in the list show
 * the newest known state of their parents, including parents outside the window.
 * @returns the same list if nothing changes
 */
export function merged(items: MessageList, incoming: MessageList, { floor, ceiling = Number.POSITIVE_INFINITY }: Window): MessageList {
  const links = linksOf(items);
  const kept: MessageDto[] = [];
  for (const message of incoming) {
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
  return keepLinks(withReplaced(list, staleReplies(list, links, parentsAmong(list, links, incoming))), links);
}

const isAlike = (a: AuthorDto, b: AuthorDto): boolean =>
  a.displayName === b.displayName && a.avatarUrl === b.avatarUrl && a.kind === b.kind && a.role === b.role;

/** Returns the list with a user's current name on their messages and in the replies to them. Returns the same list if nothing changes. */
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

/** Returns the last `most` messages of a list. */
export function lastOf(items: MessageList, most: number): MessageList {
  const last = items.slice(-most);
  return keepLinks(last, freshLinks(last, linksOf(items).outside));
}

/** Returns the newest states of changed messages outside the list's window, if they are still remembered. */
export const changesOutside = (items: MessageList): MessageDto[] => [...linksOf(items).outside.values()];
