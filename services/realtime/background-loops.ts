import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import { createPresencePublisher } from "../presence/publish-changes.ts";
import type { ChatServer } from "./io.ts";
import { createConversationWatch } from "./poll-conversations.ts";
import { createHeadWatch } from "./poll-room-heads.ts";
import { watchPeople } from "./poll-user-changes.ts";
import type { WordRefusal } from "./publisher.ts";
import { cutEndedSessions, watchSockets } from "./reap-sessions.ts";

const SECOND = 1_000;

/** A message is to be found two seconds after it was sent. */
const INDEX_MS = 500;

type Beat = { readonly ms: number; readonly work: () => Promise<void> | void };

/**
 * Runs the same work again and again, for the first time after `delayMs`; never twice at once; a fault waits for the next beat.
 * Answers how to stop, once it is done.
 */
function start({ ms, work }: Beat, delayMs: number, logger: Services["logger"]): () => Promise<void> {
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
export function startPulse(io: ChatServer, services: Services, word: WordRefusal): { stop: () => Promise<void> } {
  const { logger } = services;
  const gathered = (): void => {
    services.visits.flush();
    services.typing.flush();
  };
  const beats: readonly Beat[] = [
    { ms: limits.gatherMs, work: gathered },
    { ms: limits.gatherMs, work: () => services.news.flush() },
    { ms: SECOND, work: createPresencePublisher({ ...services, pool: services.reservedPool }) },
    { ms: SECOND, work: () => watchSockets(io, services, word) },
    { ms: SECOND, work: () => cutEndedSessions(io, services) },
    { ms: SECOND, work: () => watchPeople(services) },
    { ms: SECOND, work: createHeadWatch(services) },
    { ms: SECOND, work: createConversationWatch(io, services) },
    { ms: INDEX_MS, work: () => services.searchIndex.work() },
  ];
  // One after the other and not all in one moment, in which whoever sends would wait for all of them.
  const stops = beats.map((beat, place) => start(beat, (place * SECOND) / beats.length, logger));
  return { stop: async () => void (await Promise.all(stops.map((stop) => stop()))) };
}
