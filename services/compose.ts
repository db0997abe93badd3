import type pg from "pg";
import type { PrismaClient } from "../prisma/generated/client.ts";
import { reservedPoolOf } from "../prisma/pool.ts";
import { createBatchingCache } from "../utils/async/batching-cache.ts";
import { createKeyedMutex } from "../utils/async/keyed-mutex.ts";
import { limits } from "../utils/contract/limits.ts";
import type { Metrics } from "../utils/metrics.ts";
import { createSessionCache } from "./auth/sessions/session-cache.ts";
import type { TokenKeys } from "./auth/tokens/keys.ts";
import { createAutomod } from "./automod/rules/automod.ts";
import { fingerprintOf, isNearCopy } from "./automod/text-similarity.ts";
import type { Services } from "./context.ts";
import { createConversationCache } from "./conversations/conversation-cache.ts";
import { createConversationNotifier } from "./conversations/conversation-notifier.ts";
import { createDomainEvents } from "./domain-events.ts";
import { extendBans } from "./guests/guest-bans.ts";
import type { Limiter } from "./limits/limiter.ts";
import { reportRejections } from "./limits/report-rejections.ts";
import { createLoungeCache } from "./lounges/lounge-cache.ts";
import { previewCandidates } from "./lounges/preview-candidates.ts";
import { readChanges, readHeads } from "./messages/queries.ts";
import { createCatchUps } from "./messages/sync/catch-ups.ts";
import { createMessageWriter } from "./messages/writer/message-writer.ts";
import { createCasePublisher } from "./moderation/cases/case-publisher.ts";
import { createStaffCache } from "./moderation/cases/staff-cache.ts";
import { startAutomaticRaid } from "./moderation/raid-mode/automatic-raid.ts";
import { createGuestViolations, muteGuest } from "./moderation/rules/guest-violations.ts";
import { onRuleMatched } from "./moderation/rules/on-rule-matched.ts";
import { publishNotifications } from "./notifications/publish.ts";
import { createJoinLeaveBatcher } from "./presence/join-leave-batcher.ts";
import { createPresenceRegistry } from "./presence/presence-registry.ts";
import { createTyping } from "./presence/typing.ts";
import { createPreviewCache } from "./previews/preview-cache.ts";
import { createRaidDetector } from "./raids/raid-detector.ts";
import { roomChannel, userChannel } from "./realtime/channels.ts";
import { evict } from "./realtime/evict.ts";
import type { ChatServer } from "./realtime/io.ts";
import { createPublisher, type LocalizeProblem } from "./realtime/publisher.ts";
import { createRoomBroadcaster } from "./realtime/room-broadcaster.ts";
import { createJoinLoader } from "./rooms/join-loader.ts";
import { createOwnRooms } from "./rooms/own-rooms.ts";
import { createRoomCache } from "./rooms/room-cache.ts";
import { createSearchIndexer } from "./search/index/indexer.ts";
import { updateTrustOf } from "./trust/update-trust.ts";

/** The dependencies of the services. `writePool` is a small separate pool, so that reads never delay a commit. */
export type NodeDependencies = {
  db: PrismaClient;
  pool: pg.Pool;
  writePool: pg.Pool;
  io: ChatServer;
  localizeProblem: LocalizeProblem;
  keys: TokenKeys;
  limiter: Limiter;
  epoch: () => string;
  metrics: Metrics;
  /** Passed through unchanged. */
} & Pick<Services, "logger" | "now" | "vault" | "passwords" | "sms" | "mail" | "siteUrl" | "rules" | "auditUrl" | "messageHook">;

const headsOf = (pool: pg.Pool): Services["heads"] => {
  const heads = createBatchingCache({ load: (roomIds) => readHeads(pool, roomIds), freshMs: limits.gatherMs });
  return async (roomIds) => {
    const found = await Promise.all(roomIds.map(async (roomId) => [roomId, await heads.get(roomId, limits.gatherMs)] as const));
    return Object.fromEntries(found.flatMap(([roomId, head]) => (head === undefined ? [] : [[roomId, head] as const])));
  };
};

/**
 * Placeholders for the fields that every call adds to a copy of the services. Copying an object and overwriting its fields takes 0.1 µs;
 * adding new fields to an object of this size made it 11 µs: the greatest single cost of a command.
 */
const EMPTY_CALL = { actor: null, requestId: "", origin: null, sendPosition: null };

/** Builds the services of one node; each uses the ones before it. */
export function composeServices({ writePool, io, localizeProblem, limiter, metrics, ...given }: NodeDependencies): Services {
  const { pool, epoch, logger, now } = given;
  const reservedPool = reservedPoolOf(pool);
  const catchUps = createCatchUps({ pool, epoch });
  const publish = createPublisher(io, localizeProblem);
  const events = createDomainEvents((event, error) => logger.error("domain event subscriber failed", { event, error }));
  const presence = createPresenceRegistry(now);
  const conversations = createConversationCache(pool, reservedPool);
  const isConnected = (userId: string): boolean => io.of("/").adapter.rooms.has(userChannel(userId));
  const conversationNotifier = createConversationNotifier({ pool, now, publish, conversations, isConnected });
  const searchIndex = createSearchIndexer(pool);
  const lounges = createLoungeCache(given.db);
  const previews = createPreviewCache({ pool, candidates: () => previewCandidates(lounges, presence) });
  const roomBroadcaster = createRoomBroadcaster({
    publish,
    readMembers: conversations.recipientsOf,
    isConnected,
    onConversation: conversationNotifier.notifyChanged,
    onMissed(roomId, error) {
      metrics.delayedConversationEvents.inc();
      logger.warn("could not read the recipients of a conversation change, publishing it later", { roomId, error });
    },
    epoch,
    readChanges: (roomId, afterSeq) => readChanges(pool, { roomId, afterSeq, limit: limits.syncMessages }),
    hasListeners: (roomId) => io.of("/").adapter.rooms.has(roomChannel(roomId)),
  });
  events.subscribe("roomChanged", ({ roomId }) => searchIndex.enqueue(roomId));
  events.subscribe("roomChanged", previews.applyBatch);
  events.subscribe("roomChanged", roomBroadcaster.broadcast);
  events.subscribe("userChanged", () => catchUps.invalidate());
  events.subscribe("userChanged", ({ user, ...to }) => publish.userChanged(to, { user }));
  const casePublisher = createCasePublisher({
    pool,
    reservedPool,
    now,
    publish,
    logger,
    isConnected,
    staff: createStaffCache(reservedPool),
  });
  events.subscribe("caseChanged", ({ id }) => void casePublisher.publishChanged(id));
  events.subscribe("notificationsCreated", ({ ids }) => void publishNotifications({ pool, publish, logger }, ids));
  const raidDetector = createRaidDetector({
    now,
    scale: given.rules.limitsScale,
    fingerprintOf,
    isNearCopy,
    onSignal: (signal) => events.publish("raidSuspected", signal),
  });
  events.subscribe("guestCreated", raidDetector.noteGuest);
  const services: Services = {
    ...given,
    reservedPool,
    publish,
    events,
    presence,
    roomBroadcaster,
    searchIndex,
    limits: reportRejections(limiter, "messagesOfGuest", (userId) => events.publish("guestLimitExceeded", { userId })),
    sessions: createSessionCache({ pool: reservedPool, now }),
    rooms: createRoomCache({ pool, now }),
    lounges,
    raidDetector,
    automod: createAutomod({ pool, now, logger }),
    joinLoader: createJoinLoader(pool),
    ownRooms: createOwnRooms(pool),
    catchUps,
    previews,
    conversations,
    conversationNotifier,
    casePublisher,
    messageWriter: createMessageWriter({
      pool: writePool,
      logger,
      metrics,
      publish: (batch) => events.publish("roomChanged", batch),
      publishNotifications: (ids) => events.publish("notificationsCreated", { ids }),
    }),
    keyedMutex: createKeyedMutex(),
    typing: createTyping(publish, presence, now),
    joinLeaveBatcher: createJoinLeaveBatcher(publish, presence),
    heads: headsOf(reservedPool),
    ...EMPTY_CALL,
  };
  events.subscribe("actionsIssued", ({ actions }) => {
    for (const action of actions) evict(io, services, action).catch((error: unknown) => logger.warn("could not evict a user", { error }));
  });
  const inBackground = (what: string, work: Promise<unknown>): void =>
    void work.catch((error: unknown) => logger.error(`could not ${what}`, { error }));
  events.subscribe("actionsIssued", ({ actions }) => inBackground("extend bans to devices", extendBans(services, actions)));
  events.subscribe("actionsIssued", ({ actions }) => inBackground("update trust levels", updateTrustOf(services, actions)));
  events.subscribe("actionsReverted", ({ actions }) => inBackground("update trust levels", updateTrustOf(services, actions)));
  events.subscribe("ruleMatched", (match) => inBackground("react to a matched rule", onRuleMatched(services, match)));
  const countViolation = createGuestViolations(now);
  events.subscribe("guestLimitExceeded", ({ userId }) => {
    if (countViolation(userId)) inBackground("mute a guest", muteGuest(services, userId));
  });
  events.subscribe("raidSuspected", (signal) => inBackground("start a raid mode", startAutomaticRaid(services, signal)));
  return services;
}
