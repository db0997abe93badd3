import type { Deps } from "../../middleware/deps.ts";
import type { ChatServer, ChatSocket } from "../../services/realtime/io.ts";
import { caps, inflow } from "../../utils/contract/limits.ts";
import { addressOf } from "./handshake.ts";

const SECOND = 1_000;

/** Cuts a line that brings more in a second than anybody says, before its packets are read. */
function boundInflow(line: ChatSocket["conn"], scale: number): void {
  let [second, packets, bytes] = [0, 0, 0];
  line.on("packet", ({ data }: { data?: { length: number } }) => {
    const now = Math.floor(Date.now() / SECOND);
    if (now !== second) [second, packets, bytes] = [now, 0, 0];
    packets += 1;
    bytes += data?.length ?? 0;
    if (packets > inflow.packets * scale || bytes > inflow.bytes * scale) line.close(true);
  });
}

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
    boundInflow(line, deps.config.limitsScale);
  });
}
