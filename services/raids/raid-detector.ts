import { LRUCache } from "lru-cache";
import { createSlidingCounter } from "../../utils/async/sliding-counter.ts";
import type { Clock } from "../../utils/clock.ts";
import { raids } from "../../utils/contract/limits.ts";
import type { ScopeDto } from "../../utils/contract/schemas/moderation/actions.ts";
import type { RaidMeasure } from "../../utils/contract/schemas/moderation/raid-mode.ts";
import type { Actor } from "../actor.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { isTrusted } from "../trust/trust-level.ts";
import { type Copy, createCopyClusters, type TextComparison } from "./copy-clusters.ts";

export type RaidSignalKind = "guests" | "joins" | "first_messages" | "copies";

/** A threshold was exceeded: where, by what, and who copied a text. */
export type RaidSignal = { readonly kind: RaidSignalKind; readonly scope: ScopeDto; readonly authorIds: readonly string[] };

/**
 * The measures against each kind of raid: as few as possible, because most of them also affect honest newcomers. Copies are held by
 * themselves, so that other first messages need not be.
 */
export const measuresOf: Readonly<Record<RaidSignalKind, readonly RaidMeasure[]>> = {
  guests: ["guests_paused"],
  joins: ["slow_mode", "links_blocked"],
  first_messages: ["first_messages_held", "slow_mode", "links_blocked"],
  copies: ["slow_mode", "links_blocked"],
};

type Author = Pick<Actor, "id" | "kind" | "role" | "trustLevel" | "createdAt">;

export type RaidDetector = {
  noteGuest(): void;
  /** Records a user's first visit to a language room. */
  noteFirstVisit(room: RoomRecord, visitor: Pick<Actor, "kind">): void;
  /**
   * Records a message that is about to be sent in a language room.
   * @returns `hold` for a copy of what several other guests and newcomers wrote: it must be held for review
   */
  noteMessage(room: RoomRecord, author: Author, text: string): "hold" | null;
};

type Options = TextComparison & { readonly now: Clock; readonly scale: number; readonly onSignal: (signal: RaidSignal) => void };

/** Of one author only this many texts per window are compared, to bound the work. */
const TEXTS_PER_AUTHOR = 5;
const KNOWN_AUTHORS = 20_000;

/** With a larger scale, as in load tests, nothing is counted: people in them are all new and say the same. */
const MAX_SCALE = 100;

const SITE: ScopeDto = { kind: "site", id: null };

/** Returns the smallest scope that contains all copies. */
function scopeOf(copies: readonly Copy[]): ScopeDto {
  const roomIds = new Set(copies.map(({ roomId }) => roomId));
  const loungeIds = new Set(copies.map(({ loungeId }) => loungeId));
  const [roomId = null] = roomIds;
  const [loungeId = null] = loungeIds;
  if (roomIds.size === 1) return { kind: "room", id: roomId };
  return loungeIds.size === 1 ? { kind: "lounge", id: loungeId } : SITE;
}

/**
 * Creates the detector of raids of one node. It counts new guests, first visits, first messages and copies of texts, each in bounded
 * memory, and reports every threshold that is exceeded. Staff, bots and trusted members are never counted.
 */
export function createRaidDetector({ now, scale, onSignal, ...comparison }: Options): RaidDetector {
  const isOff = scale > MAX_SCALE;
  const counterOf = (count: number) => createSlidingCounter({ threshold: count * scale, windowMs: raids.windowMs });
  const counters = {
    guests: counterOf(raids.guests),
    joins: { room: counterOf(raids.joins.room), lounge: counterOf(raids.joins.lounge) },
    firstMessages: {
      room: counterOf(raids.firstMessages.room),
      lounge: counterOf(raids.firstMessages.lounge),
      site: counterOf(raids.firstMessages.site),
    },
  };
  const clusters = createCopyClusters(comparison, raids.copiesMs);
  /** How many texts each new author wrote lately. */
  const texts = new LRUCache<string, number>({ maxSize: KNOWN_AUTHORS, sizeCalculation: () => 1 });

  const report = (kind: RaidSignalKind, scope: ScopeDto, authorIds: readonly string[] = []): void => onSignal({ kind, scope, authorIds });

  function countFirstMessage({ id: roomId }: RoomRecord, loungeId: string, at: number): void {
    const { room, lounge, site } = counters.firstMessages;
    if (room.add(roomId, at)) report("first_messages", { kind: "room", id: roomId });
    if (lounge.add(loungeId, at)) report("first_messages", { kind: "lounge", id: loungeId });
    if (site.add("", at)) report("first_messages", SITE);
  }

  function isCopied(text: string, copy: Copy): boolean {
    const { copies, total, isShort } = clusters.add(text, copy);
    const factor = isShort ? scale * raids.copies.shortFactor : scale;
    // Reported once per step, not for every further copy: the raid mode lasts longer than that takes.
    if (copies.length >= raids.copies.raid * factor && copies.length % raids.copies.raid === 0) {
      const authorIds = copies.map(({ authorId }) => authorId);
      report("copies", scopeOf(copies), authorIds);
    }
    return copies.length > 1 && total > raids.copies.hold * factor;
  }

  return {
    noteGuest() {
      if (!isOff && counters.guests.add("", now().getTime())) report("guests", SITE);
    },
    noteFirstVisit({ id, lounge }, { kind }) {
      if (isOff || kind !== "guest" || lounge === null) return;
      const at = now().getTime();
      if (counters.joins.room.add(id, at)) report("joins", { kind: "room", id });
      if (counters.joins.lounge.add(lounge.id, at)) report("joins", { kind: "lounge", id: lounge.id });
    },
    noteMessage(room, author, text) {
      if (isOff || room.lounge === null || isTrusted(author) || text === "") return null;
      const at = now().getTime();
      const count = texts.get(author.id) ?? 0;
      texts.set(author.id, count + 1, { ttl: raids.copiesMs });
      const isHeld = count < TEXTS_PER_AUTHOR && isCopied(text, { authorId: author.id, roomId: room.id, loungeId: room.lounge.id, at });
      if (!isHeld && count === 0 && at - author.createdAt.getTime() < raids.freshMs) countFirstMessage(room, room.lounge.id, at);
      return isHeld ? "hold" : null;
    },
  };
}
