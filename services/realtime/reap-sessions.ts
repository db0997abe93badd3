import type { Services } from "../context.ts";
import { banData } from "../sanctions/policy.ts";
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

/** Disconnects those of the given sessions that have ended or belong to banned users, with the reason. */
export async function disconnectSessions(services: Pick<Services, "sessions" | "publish">, sessionIds: readonly string[]): Promise<void> {
  for (const { id, ban } of await services.sessions.deadOf(sessionIds)) {
    services.sessions.invalidate(id);
    if (ban === null) services.publish.sessionEnded(id, "session_revoked");
    else services.publish.sessionEnded(id, "banned", banData(ban));
  }
}

/** Disconnects the sockets of ended sessions and banned users, on any node; to be called every second. */
export async function disconnectEndedSessions(io: ChatServer, services: Pick<Services, "sessions" | "publish">): Promise<void> {
  const live = [...new Set([...io.sockets.sockets.values()].map((socket) => socket.data.sessionId))];
  for (let from = 0; from < live.length; from += BATCH) await disconnectSessions(services, live.slice(from, from + BATCH));
}
