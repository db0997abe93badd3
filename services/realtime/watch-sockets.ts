import type { ErrorCode } from "../../utils/contract/errors.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import type { ChatServer, ChatSocket } from "./io.ts";
import { endSocket, type WordRefusal } from "./publisher.ts";

/** What Engine.IO keeps for a client and does not show: packets not yet given to the line, and the line itself. */
type Line = {
  writeBuffer: readonly { data?: string | Uint8Array }[];
  transport: { socket?: { bufferedAmount?: number; terminate?: () => void } };
};

const lineOf = (socket: ChatSocket): Line => socket.conn as unknown as Line;

/** Bytes that wait for a client which reads too slowly, or not at all. */
function bufferedBytes({ writeBuffer, transport }: Line): number {
  let bytes = transport.socket?.bufferedAmount ?? 0;
  for (const { data } of writeBuffer) bytes += data?.length ?? 0;
  return bytes;
}

/** Why a socket must go now, or null. */
function endingOf(socket: ChatSocket, now: number): ErrorCode | null {
  if (socket.data.tokenExpiresAt <= now) return "token_expired";
  return bufferedBytes(lineOf(socket)) > limits.sendBufferBytes ? "resync" : null;
}

/** Ends sockets whose token ran out unrenewed, and those that cannot keep up; to be called every second. */
export function watchSockets(io: ChatServer, services: Services, word: WordRefusal): void {
  const now = services.now().getTime();
  for (const socket of io.sockets.sockets.values()) {
    socket.data.refusals = 0;
    const code = endingOf(socket, now);
    if (code === null) continue;
    endSocket(socket, word(code, socket));
    if (code === "resync") cutLine(socket);
  }
}

/** A client that does not read never sees the goodbye, and never answers a closing frame: nothing is kept for it. */
function cutLine(socket: ChatSocket): void {
  const { transport } = lineOf(socket);
  socket.conn.close(true);
  transport.socket?.terminate?.();
}

/** One question to the database names so many sessions at most. */
const QUESTION = 5_000;

/** Cuts the sockets of sessions that ended and of people who were banned, on whatever node; to be called every second. */
export async function cutEndedSessions(io: ChatServer, services: Services): Promise<void> {
  const live = [...new Set([...io.sockets.sockets.values()].map((socket) => socket.data.sessionId))];
  for (let from = 0; from < live.length; from += QUESTION) {
    for (const { id, code } of await services.sessions.deadOf(live.slice(from, from + QUESTION))) {
      services.sessions.forget(id);
      services.publish.sessionEnded(id, code);
    }
  }
}
