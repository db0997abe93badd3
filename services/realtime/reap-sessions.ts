import type { Services } from "../context.ts";
import type { ChatServer } from "./io.ts";
import { endSocket, type LocalizeProblem } from "./publisher.ts";

/** Ends sockets whose token ran out unrenewed, and begins a new second of patience; to be called every second. */
export function reapSessions(io: ChatServer, services: Services, word: LocalizeProblem): void {
  const now = services.now().getTime();
  for (const socket of io.sockets.sockets.values()) {
    socket.data.refusals = 0;
    if (socket.data.tokenExpiresAt <= now) endSocket(socket, word("token_expired", socket));
  }
}

/** One question to the database names so many sessions at most. */
const QUESTION = 5_000;

/** Cuts the sockets of sessions that ended and of people who were banned, on whatever node; to be called every second. */
export async function disconnectEndedSessions(io: ChatServer, services: Services): Promise<void> {
  const live = [...new Set([...io.sockets.sockets.values()].map((socket) => socket.data.sessionId))];
  for (let from = 0; from < live.length; from += QUESTION) {
    for (const { id, code } of await services.sessions.deadOf(live.slice(from, from + QUESTION))) {
      services.sessions.invalidate(id);
      services.publish.sessionEnded(id, code);
    }
  }
}
