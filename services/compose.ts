import type pg from "pg";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { reservedPoolOf } from "../prisma/pool.ts";
import { createGatherer } from "../utils/async/batching-cache.ts";
import { createInTurn } from "../utils/async/keyed-mutex.ts";
import { limits } from "../utils/contract/limits.ts";
import type { Metrics } from "../utils/metrics.ts";
import { createSessions } from "./auth/sessions/session-cache.ts";
import type { TokenKeys } from "./auth/tokens/keys.ts";
import type { Services } from "./context.ts";
import { createConversations } from "./conversations/conversation-cache.ts";
import { createNews } from "./conversations/conversation-notifier.ts";
import { createDomainEvents } from "./domain-events.ts";
import type { Limiter } from "./limits/limiter.ts";
import { createLoungeDirectory } from "./lounges/lounge-cache.ts";
import { previewCandidates } from "./lounges/preview-candidates.ts";
import { readChanges, readHeads } from "./messages/queries.ts";
import { createCatchUps } from "./messages/sync/catch-ups.ts";
import { createRoomLog } from "./messages/writer/message-writer.ts";
import { tellNotifications } from "./notifications/publish.ts";
import { createVisits } from "./presence/join-leave-batcher.ts";
import { createPresenceBook } from "./presence/presence-registry.ts";
import { createTyping } from "./presence/typing.ts";
import { createPreviews } from "./previews/preview-cache.ts";
import { roomChannel, userChannel } from "./realtime/channels.ts";
import type { ChatServer } from "./realtime/io.ts";
import { createPublisher, type WordRefusal } from "./realtime/publisher.ts";
import { createFeed } from "./realtime/room-broadcaster.ts";
import { createArrivals } from "./rooms/join-loader.ts";
import { createOwnRooms } from "./rooms/own-rooms.ts";
import { createRooms } from "./rooms/room-cache.ts";
import { createSearchIndexer } from "./search/index/indexer.ts";

/** What the services stand on. `lanes` is a small pool of its own, so that readers never make a commit wait. */
export type Foundation = {
  db: PrismaClient;
  pool: pg.Pool;
  lanes: pg.Pool;
  io: ChatServer;
  word: WordRefusal;
  keys: TokenKeys;
  limiter: Limiter;
  epoch: () => string;
  metrics: Metrics;
  /** Passed on as they are. */
} & Pick<Services, "logger" | "now" | "vault" | "passwords" | "sms" | "mail" | "siteUrl" | "rules">;

const headsOf = (pool: pg.Pool): Services["heads"] => {
  const heads = createGatherer({ load: (roomIds) => readHeads(pool, roomIds), freshMs: limits.gatherMs });
  return async (roomIds) => {
    const found = await Promise.all(roomIds.map(async (roomId) => [roomId, await heads.get(roomId, limits.gatherMs)] as const));
    return Object.fromEntries(found.flatMap(([roomId, head]) => (head === undefined ? [] : [[roomId, head] as const])));
  };
};

/**
 * Empty places for what every call adds to a copy of the services. To copy an object and overwrite fields of it takes 0.1 µs;
 * fields that come on top, to as many as these are, made it 11 µs: the greatest single cost of a command.
 */
const PLACES = { actor: null, requestId: "", origin: null, sendPlace: null };

/** Builds the services of one node, each standing on the ones before it. */
export function composeServices({ lanes, io, word, limiter, metrics, ...given }: Foundation): Services {
  const { pool, epoch, logger, now } = given;
  const reservedPool = reservedPoolOf(pool);
  const catchUps = createCatchUps({ pool, epoch });
  const publish = createPublisher(io, word);
  const events = createDomainEvents((event, error) => logger.error("a subscriber of a domain event failed", { event, error }));
  const presence = createPresenceBook(now);
  const conversations = createConversations(pool, reservedPool);
  const isHere = (userId: string): boolean => io.of("/").adapter.rooms.has(userChannel(userId));
  const news = createNews({ pool, now, publish, conversations, isHere });
  const searchIndex = createSearchIndexer(pool);
  const lounges = createLoungeDirectory(given.db);
  const previews = createPreviews({ pool, candidates: () => previewCandidates(lounges, presence) });
  const feed = createFeed({
    publish,
    audience: conversations.recipientsOf,
    isHere,
    onConversation: news.changed,
    onMissed(roomId, error) {
      metrics.missedAnnouncements.inc();
      logger.warn("a change of a conversation is published late", { roomId, error });
    },
    epoch,
    readChanges: (roomId, afterSeq) => readChanges(pool, { roomId, afterSeq, limit: limits.syncMessages }),
    hasListeners: (roomId) => io.of("/").adapter.rooms.has(roomChannel(roomId)),
  });
  events.subscribe("roomChanged", ({ roomId }) => searchIndex.note(roomId));
  events.subscribe("roomChanged", previews.note);
  events.subscribe("roomChanged", feed.announce);
  events.subscribe("userChanged", () => catchUps.forget());
  events.subscribe("userChanged", ({ user, ...to }) => publish.userChanged(to, { user }));
  events.subscribe("notificationsCreated", ({ ids }) => void tellNotifications({ pool, publish, logger }, ids));
  return {
    ...given,
    reservedPool,
    publish,
    events,
    presence,
    feed,
    searchIndex,
    limits: limiter,
    sessions: createSessions({ pool: reservedPool, now }),
    rooms: createRooms(pool),
    lounges,
    arrivals: createArrivals(pool),
    ownRooms: createOwnRooms(pool),
    catchUps,
    previews,
    conversations,
    news,
    log: createRoomLog({
      pool: lanes,
      logger,
      metrics,
      announce: (batch) => events.publish("roomChanged", batch),
      tell: (ids) => events.publish("notificationsCreated", { ids }),
    }),
    inTurn: createInTurn(),
    typing: createTyping(publish, presence, now),
    visits: createVisits(publish, presence),
    heads: headsOf(reservedPool),
    ...PLACES,
  };
}
