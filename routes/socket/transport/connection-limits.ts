import type { ChatServer, ChatSocket } from "../../../services/realtime/io.ts";
import { caps } from "../../../utils/contract/limits.ts";
import type { Traffic } from "../../traffic.ts";

type EngineConnection = ChatSocket["conn"];

/** Closes a polling connection that exceeds the inflow limits. WebSockets are limited in `ws-engine.ts`. */
function limitPolling(connection: EngineConnection, subscriber: string, traffic: Traffic): void {
  if (connection.transport.name !== "polling") return;
  const inflow = traffic.inflow.open(subscriber);
  const measure = ({ data }: { data?: { length: number } }): void => {
    const reason = inflow.exceeds("packets", 1) ? "packets" : inflow.exceeds("bytes", data?.length ?? 0) ? "bytes" : null;
    if (reason === null) return;
    traffic.recordDisconnect(subscriber, reason);
    connection.close(true);
  };
  connection.on("packet", measure);
  connection.once("upgrade", () => connection.off("packet", measure));
  connection.once("close", () => inflow.close());
}

/**
 * Limits the number of Engine.IO connections per address, authenticated or not: one that never sends a token, or has left every namespace,
 * counts too. Connections beyond the limit are closed at once.
 */
export function limitConnections(io: ChatServer, limitsScale: number, traffic: Traffic): void {
  const open = new Map<string, number>();
  const most = caps.linesPerAddress * limitsScale;

  function forget(subscriber: string): void {
    const count = (open.get(subscriber) ?? 1) - 1;
    if (count === 0) open.delete(subscriber);
    else open.set(subscriber, count);
  }

  io.engine.on("connection", (connection: EngineConnection) => {
    const subscriber = traffic.subscriberOf(connection.request);
    const count = open.get(subscriber) ?? 0;
    if (count >= most) {
      traffic.recordDisconnect(subscriber, "sockets_per_address");
      return connection.close(true);
    }
    open.set(subscriber, count + 1);
    connection.once("close", () => forget(subscriber));
    limitPolling(connection, subscriber, traffic);
  });
}
