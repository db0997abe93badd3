import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import { savePresence } from "../presence/save.ts";
import type { ChatServer } from "./io.ts";
import type { WordRefusal } from "./publisher.ts";
import { createHeadWatch } from "./watch-heads.ts";
import { cutEndedSessions, watchSockets } from "./watch-sockets.ts";

const SECOND = 1_000;

/** Tells whose status changed, and writes it down. */
async function tellPresence(services: Services): Promise<void> {
  const changes = services.presence.takeChanges();
  for (const { roomIds, ...user } of changes) {
    const small = roomIds.filter((roomId) => services.presence.onlineCount(roomId) <= limits.rosterPeople);
    services.publish.presenceChanged(small, { users: [user] });
  }
  await savePresence(services.pool, changes);
}

/** Runs the same work again and again, never twice at once; a fault waits for the next beat. */
function every(ms: number, work: () => Promise<void> | void, logger: Services["logger"]): NodeJS.Timeout {
  let isRunning = false;
  const beat = async (): Promise<void> => {
    if (isRunning) return;
    isRunning = true;
    try {
      await work();
    } catch (error) {
      logger.warn("a beat was missed", { error });
    } finally {
      isRunning = false;
    }
  };
  return setInterval(() => void beat(), ms);
}

/** Starts what a node tells and checks by the clock: gathered facts, presence, ended sessions, slow clients, lost announcements. */
export function startPulse(io: ChatServer, services: Services, word: WordRefusal): { stop: () => void } {
  const { logger } = services;
  const gathered = (): void => {
    services.visits.flush();
    services.typing.flush();
  };
  const timers = [
    every(limits.gatherMs, gathered, logger),
    every(SECOND, () => tellPresence(services), logger),
    every(SECOND, () => watchSockets(io, services, word), logger),
    every(SECOND, () => cutEndedSessions(io, services), logger),
    every(SECOND, createHeadWatch(services), logger),
  ];
  return { stop: () => timers.forEach(clearInterval) };
}
