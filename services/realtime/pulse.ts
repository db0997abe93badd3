import { limits } from "../../utils/contract/limits.ts";
import type { PresenceDto } from "../../utils/contract/presence.ts";
import type { Services } from "../context.ts";
import { knownBy } from "../conversations/hearers.ts";
import type { PresenceBook, StatusChange } from "../presence/book.ts";
import { savePresence } from "../presence/save.ts";
import type { ChatServer } from "./io.ts";
import type { WordRefusal } from "./publisher.ts";
import { createConversationWatch } from "./watch-conversations.ts";
import { createHeadWatch } from "./watch-heads.ts";
import { watchPeople } from "./watch-people.ts";
import { cutEndedSessions, watchSockets } from "./watch-sockets.ts";

const SECOND = 1_000;

/** A message is to be found two seconds after it was sent. */
const INDEX_MS = 500;

/** Tells whose status changed, and writes it down. */
async function tellPresence(services: Services): Promise<void> {
  const changes = services.presence.takeChanges();
  for (const { roomIds, users } of gatherByRooms(services.presence, changes)) services.publish.presenceChanged(roomIds, { users });
  await tellPartners(services, changes);
  await savePresence(services.pool, [...changes, ...services.presence.takeSeen()]);
}

/** Those who talk with somebody in conversations are told too, wherever they are. */
async function tellPartners(services: Services, changes: readonly StatusChange[]): Promise<void> {
  const statuses = new Map(changes.map(({ roomIds: _, ...user }) => [user.id, user] as const));
  const told = new Map<string, PresenceDto[]>();
  for (const { seen, hearer } of await knownBy(services, [...statuses.keys()])) {
    const user = statuses.get(seen);
    if (user !== undefined) told.set(hearer, [...(told.get(hearer) ?? []), user]);
  }
  for (const [hearer, users] of told) services.publish.presenceTold(hearer, { users });
}

/** Those who are seen in the same rooms are told of together. In a crowd nobody is: names there help nobody and cost everybody. */
function gatherByRooms(presence: PresenceBook, changes: readonly StatusChange[]) {
  const gathered = new Map<string, { roomIds: string[]; users: PresenceDto[] }>();
  for (const { roomIds, ...user } of changes) {
    const small = roomIds.filter((roomId) => presence.onlineCount(roomId) <= limits.rosterPeople).sort();
    const told = gathered.get(small.join()) ?? { roomIds: small, users: [] };
    gathered.set(small.join(), told);
    told.users.push(user);
  }
  return gathered.values();
}

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
    { ms: SECOND, work: () => tellPresence(services) },
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
