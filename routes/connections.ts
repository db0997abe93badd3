import type { IncomingMessage, Server } from "node:http";
import type { Socket } from "node:net";
import { subscriberOf } from "../services/limits/addresses.ts";
import type { Config } from "../utils/config.ts";
import { caps } from "../utils/contract/limits.ts";
import type { Traffic } from "./traffic.ts";

/**
 * How long a connection may be inactive in both directions before it is closed, except WebSockets, which ws manages. Longer than a polling
 * request waits for the next ping, and than a sign-in waits in the password queue.
 */
const INACTIVE_MS = 60_000;

/** The connections of one address; `unused` contains those that have not sent a complete request head yet, oldest first. */
type Peer = { open: number; readonly unused: Set<Socket> };

/**
 * Limits TCP connections: in total, and per address of the peer. When an address is at its limit, its oldest unused connection is closed
 * in favor of the new one, so that idle connections do not lock out other users behind the same address; if there is none, the new
 * connection is closed.
 *
 * Behind a trusted proxy every connection has the proxy's address, and the client's address is only known per request. There the proxy
 * must enforce the limit per address, and only the total limit applies here.
 */
export function limitConnections(http: Server, { limitsScale, trustedProxies }: Config, traffic: Traffic): void {
  http.maxConnections = caps.connections * limitsScale;
  http.on("drop", (peer) => traffic.recordDisconnect(subscriberOf(peer?.remoteAddress ?? "unknown"), "connections"));
  http.setTimeout(INACTIVE_MS);
  if (trustedProxies > 0) return;
  const peers = new Map<string, Peer>();
  const most = caps.connectionsPerAddress * limitsScale;
  const unusedOf = new WeakMap<Socket, Set<Socket>>();

  http.on("connection", (socket: Socket) => {
    const subscriber = subscriberOf(socket.remoteAddress ?? "unknown");
    const peer = peers.get(subscriber) ?? { open: 0, unused: new Set() };
    peers.set(subscriber, peer);
    peer.open += 1;
    peer.unused.add(socket);
    unusedOf.set(socket, peer.unused);
    socket.once("close", () => {
      peer.open -= 1;
      peer.unused.delete(socket);
      if (peer.open === 0) peers.delete(subscriber);
    });
    if (peer.open <= most) return;
    traffic.recordDisconnect(subscriber, "connections_per_address");
    const [oldest = socket] = peer.unused;
    peer.unused.delete(oldest);
    oldest.destroy();
  });
  const markUsed = ({ socket }: IncomingMessage): void => void unusedOf.get(socket)?.delete(socket);
  http.prependListener("request", markUsed);
  http.prependListener("upgrade", markUsed);
}
