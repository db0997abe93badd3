import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import { createPresencePublisher } from "../presence/publish-changes.ts";
import { enforceRecentActions } from "./evict.ts";
import type { ChatServer } from "./io.ts";
import { createConversationPoller } from "./poll-conversations.ts";
import { createHeadPoller } from "./poll-room-heads.ts";
import { pollUserChanges } from "./poll-user-changes.ts";
import type { LocalizeProblem } from "./publisher.ts";
import { disconnectEndedSessions, reapSessions } from "./reap-sessions.ts";

const SECOND = 1_000;

/** A message must be searchable two seconds after it was sent. */
const INDEX_MS = 500;

type Loop = { readonly ms: number; readonly work: () => Promise<void> | void };

/**
 * Runs a background loop, for the first time after `delayMs`; runs never overlap; after an error the next run follows at the next
 * interval. Returns a function that stops the loop and waits for the current run.
 */
function start({ ms, work }: Loop, delayMs: number, logger: Services["logger"]): () => Promise<void> {
  let running: Promise<void> | null = null;
  const runOnce = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn("background loop failed", { error });
    } finally {
      running = null;
    }
  };
  const tick = (): void => {
    running ??= runOnce();
  };
  let timer = setTimeout(() => {
    tick();
    timer = setInterval(tick, ms);
  }, delayMs);
  return async () => {
    clearTimeout(timer);
    await running;
  };
}

/** Starts the background loops of a node: batched events, presence, ended sessions, changed users, missed broadcasts, the search index. */
export function startBackgroundLoops(
  io: ChatServer,
  services: Pick<
    Services,
    | "pool"
    | "reservedPool"
    | "now"
    | "sessions"
    | "rooms"
    | "conversationNotifier"
    | "casePublisher"
    | "roomBroadcaster"
    | "publish"
    | "searchIndex"
    | "presence"
    | "typing"
    | "joinLeaveBatcher"
    | "logger"
  >,
  localizeProblem: LocalizeProblem,
): { stop: () => Promise<void> } {
  const { logger } = services;
  const flushBatches = (): void => {
    services.joinLeaveBatcher.flush();
    services.typing.flush();
  };
  const loops: readonly Loop[] = [
    { ms: limits.gatherMs, work: flushBatches },
    { ms: limits.gatherMs, work: () => services.conversationNotifier.flush() },
    { ms: SECOND, work: createPresencePublisher({ ...services, pool: services.reservedPool }) },
    { ms: SECOND, work: () => reapSessions(io, services, localizeProblem) },
    { ms: SECOND, work: () => disconnectEndedSessions(io, services) },
    { ms: SECOND, work: () => pollUserChanges(services) },
    { ms: SECOND, work: () => enforceRecentActions(io, services) },
    { ms: SECOND, work: createHeadPoller(services) },
    { ms: SECOND, work: createConversationPoller(io, services) },
    { ms: SECOND, work: () => services.casePublisher.poll() },
    { ms: INDEX_MS, work: () => services.searchIndex.work() },
  ];
  // Start times are distributed, so that sends do not have to wait for all loops at once.
  const stops = loops.map((loop, index) => start(loop, (index * SECOND) / loops.length, logger));
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}
