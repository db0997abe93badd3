import type { Problem } from "../../utils/contract/errors.ts";
import type { ChatSocket } from "./io.ts";
import { endSocket } from "./publisher.ts";

/** The parts of Engine.IO's connection that hold what is not sent yet; they are not in its types. */
type Line = { writeBuffer: unknown[]; readonly transport: { readonly socket?: { terminate?: () => void } } };

/** So long a client may take to read what is on its way already, and why no more comes. */
const GOODBYE_MS = 2_000;

/**
 * Cuts a client that cannot keep up. What waited for it is thrown away, since it gets all of that when it joins again, and the
 * reason takes its place. Who does not read that either is cut without it, so that nothing is kept for long.
 */
export function disconnectSlowConsumers(socket: ChatSocket, problem: Problem): void {
  const line = socket.conn as unknown as Line;
  line.writeBuffer = [];
  endSocket(socket, problem);
  setTimeout(() => {
    socket.conn.close(true);
    line.transport.socket?.terminate?.();
  }, GOODBYE_MS).unref();
}
