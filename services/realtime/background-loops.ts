import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import { createPresencePublisher } from "../presence/publish-changes.ts";
import type { ChatServer } from "./io.ts";
import { createConversationPoller } from "./poll-conversations.ts";
import { createHeadPoller } from "./poll-room-heads.ts";
import { pollUserChanges } from "./poll-user-changes.ts";
import type { LocalizeProblem } from "./publisher.ts";
import { disconnectEndedSessions, reapSessions } from "./reap-sessions.ts";

const SECOND = 1_000;

/** A message is to be found two seconds after it was sent. */
const INDEX_MS = 500;

type Loop = { readonly ms: number; readonly work: () => Promise<void> | void };

/**
 * Runs the same work again and again, for the first time after `delayMs`; never twice at once; a fault waits for the next beat.
 * Answers how to stop, once it is done.
 */
function start({ ms, work }: Loop, delayMs: number, logger: Services["logger"]): () => Promise<void> {
  let running: Promise<void> | null = null;
  const beat = async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logger.warn("a beat was missed", { error });
    } finally {
      running = null;
    }
  };
  const tick = (): void => {
    running ??= beat();
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

/** Starts what a node tells and checks by the clock: gathered facts, presence, ended sessions, slow clients, lost announcements. */
export function startBackgroundLoops(io: ChatServer, services: Services, word: LocalizeProblem): { stop: () => Promise<void> } {
  const { logger } = services;
  const gathered = (): void => {
    services.joinLeaveBatcher.flush();
    services.typing.flush();
  };
  const beats: readonly Loop[] = [
    { ms: limits.gatherMs, work: gathered },
    { ms: limits.gatherMs, work: () => services.conversationNotifier.flush() },
    { ms: SECOND, work: createPresencePublisher({ ...services, pool: services.reservedPool }) },
    { ms: SECOND, work: () => reapSessions(io, services, word) },
    { ms: SECOND, work: () => disconnectEndedSessions(io, services) },
    { ms: SECOND, work: () => pollUserChanges(services) },
    { ms: SECOND, work: createHeadPoller(services) },
    { ms: SECOND, work: createConversationPoller(io, services) },
    { ms: INDEX_MS, work: () => services.searchIndex.work() },
  ];
  // One after the other and not all in one moment, in which whoever sends would wait for all of them.
  const stops = beats.map((beat, place) => start(beat, (place * SECOND) / beats.length, logger));
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}
