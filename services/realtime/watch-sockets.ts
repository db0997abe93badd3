import type { ErrorCode } from "../../utils/contract/errors.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import type { ChatServer, ChatSocket } from "./io.ts";
import { endSocket, type WordRefusal } from "./publisher.ts";

type Transport = { socket?: { bufferedAmount?: number } };

/** Bytes that wait for a client which reads too slowly, or not at all. */
const bufferedBytes = (socket: ChatSocket): number => (socket.conn.transport as unknown as Transport).socket?.bufferedAmount ?? 0;

/** Why a socket must go now, or null. */
function endingOf(socket: ChatSocket, now: number): ErrorCode | null {
  if (socket.data.tokenExpiresAt <= now) return "token_expired";
  return bufferedBytes(socket) > limits.sendBufferBytes ? "resync" : null;
}

/** Ends sockets whose token ran out unrenewed, and those that cannot keep up; to be called every second. */
export function watchSockets(io: ChatServer, services: Services, word: WordRefusal): void {
  const now = services.now().getTime();
  for (const socket of io.sockets.sockets.values()) {
    socket.data.refusals = 0;
    const code = endingOf(socket, now);
    if (code === null) continue;
    endSocket(socket, word(code, socket));
    // A client that does not read never sees the goodbye; its buffer must not wait for it.
    if (code === "resync") socket.conn.close(true);
  }
}

/** One question to the database names so many sessions at most. */
const QUESTION = 5_000;

/** Cuts the sockets of sessions that ended, on whatever node; to be called every second. */
export async function cutEndedSessions(io: ChatServer, services: Services): Promise<void> {
  const live = [...new Set([...io.sockets.sockets.values()].map((socket) => socket.data.sessionId))];
  for (let from = 0; from < live.length; from += QUESTION) {
    for (const sessionId of await services.sessions.deadOf(live.slice(from, from + QUESTION))) {
      services.sessions.forget(sessionId);
      services.publish.sessionEnded(sessionId, "session_revoked");
    }
  }
}
