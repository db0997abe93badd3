import type { Services } from "../context.ts";
import type { ChatServer } from "./io.ts";
import { endSocket, type LocalizeProblem } from "./publisher.ts";

/** Ends sockets whose token expired without renewal, and resets their counters of rejected commands; to be called every second. */
export function reapSessions(io: ChatServer, services: Pick<Services, "now">, localizeProblem: LocalizeProblem): void {
  const now = services.now().getTime();
  for (const socket of io.sockets.sockets.values()) {
    socket.data.rejections = 0;
    if (socket.data.tokenExpiresAt <= now) endSocket(socket, localizeProblem("token_expired", socket));
  }
}

/** The maximum number of sessions per query. */
const BATCH = 5_000;

/** Disconnects the sockets of ended sessions and banned users, on any node; to be called every second. */
export async function disconnectEndedSessions(io: ChatServer, services: Pick<Services, "sessions" | "publish">): Promise<void> {
  const live = [...new Set([...io.sockets.sockets.values()].map((socket) => socket.data.sessionId))];
  for (let from = 0; from < live.length; from += BATCH) {
    for (const { id, code } of await services.sessions.deadOf(live.slice(from, from + BATCH))) {
      services.sessions.invalidate(id);
      services.publish.sessionEnded(id, code);
    }
  }
}
