import type { Deps } from "../../middleware/deps.ts";
import type { ChatServer, ChatSocket } from "../../services/realtime/io.ts";
import { caps } from "../../utils/contract/limits.ts";
import { addressOf } from "./handshake.ts";

/**
 * Bounds the lines one address holds open, signed in or not: one that never shows a token, or has left every namespace,
 * counts too. What goes beyond is cut at once.
 */
export function boundLines(io: ChatServer, deps: Deps): void {
  const open = new Map<string, number>();
  const most = caps.linesPerAddress * deps.config.limitsScale;

  function forget(address: string): void {
    const count = (open.get(address) ?? 1) - 1;
    if (count === 0) open.delete(address);
    else open.set(address, count);
  }

  io.engine.on("connection", (line: ChatSocket["conn"]) => {
    const address = addressOf(deps, line.request);
    const count = open.get(address) ?? 0;
    if (count >= most) return line.close(true);
    open.set(address, count + 1);
    line.once("close", () => forget(address));
  });
}
