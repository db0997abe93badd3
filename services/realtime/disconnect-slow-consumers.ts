import type { Problem } from "../../utils/contract/errors.ts";
import type { ChatSocket } from "./io.ts";
import { endSocket } from "./publisher.ts";

/** The parts of Engine.IO's connection that contain unsent data; they are not in its types. */
type Connection = { writeBuffer: unknown[]; readonly transport: { readonly socket?: { terminate?: () => void } } };

/** How long a client may take to read the data in transit and the reason for the disconnect, in ms. */
const GRACE_MS = 2_000;

/**
 * Disconnects a slow consumer. Its backlog is discarded, because it receives all of that when it joins again, and replaced with the
 * reason. A client that does not read that either is disconnected without it, so that nothing is kept for long.
 */
export function disconnectSlowConsumers(socket: ChatSocket, problem: Problem): void {
  const connection = socket.conn as unknown as Connection;
  connection.writeBuffer = [];
  endSocket(socket, problem);
  setTimeout(() => {
    socket.conn.close(true);
    connection.transport.socket?.terminate?.();
  }, GRACE_MS).unref();
}
