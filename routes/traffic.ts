import type { IncomingMessage } from "node:http";
import proxyAddr from "proxy-addr";
import type { Logger } from "winston";
import type { TokenKeys } from "../services/auth/tokens/keys.ts";
import { subscriberKey, subscriberOf } from "../services/limits/addresses.ts";
import { createWindowCounter } from "../utils/async/window-counter.ts";
import type { Config } from "../utils/config.ts";
import type { Metrics } from "../utils/metrics.ts";
import { createInflowMeter, type InflowMeter } from "./socket/transport/inflow.ts";

/** Why a connection was closed or a request rejected; a label of `connections_closed_total`. */
export type DisconnectReason =
  | "packets"
  | "bytes"
  | "control_frames"
  /** A WebSocket frame that is malformed, too large, or in too many fragments. */
  | "protocol"
  | "sockets_per_address"
  | "connections_per_address"
  | "connections"
  | "requests_per_address"
  | "pipelined_requests";

/** The transport's view of its callers before authentication. */
export type Traffic = {
  readonly inflow: InflowMeter;
  /** The subscriber a request comes from: an IPv4 address or an IPv6 /64, as the trusted proxies name it. */
  subscriberOf(request: IncomingMessage): string;
  /** Counts a connection or request that exceeded a limit, and logs the first one per subscriber and minute. */
  recordDisconnect(subscriber: string, reason: DisconnectReason): void;
};

/** Returns the address of a request's peer, or the one that the trusted proxies forwarded. */
export const addressOf = ({ trustedProxies }: Pick<Config, "trustedProxies">, request: IncomingMessage): string =>
  proxyAddr(request, (_, hop) => hop < trustedProxies);

type TrafficDeps = { config: Config; metrics: Metrics; logger: Logger; keys: Pick<TokenKeys, "address"> };

const LOG_WINDOW_MS = 60_000;

/** The headers in which proxies send the forwarded address. */
const FORWARDING_HEADERS = ["x-forwarded-for", "forwarded", "x-real-ip"] as const;

/** Warns once of a proxy that is not configured: all clients behind it count as one address. */
function createProxyWarning({ config, logger }: Pick<TrafficDeps, "config" | "logger">): (request: IncomingMessage) => void {
  let isDone = config.trustedProxies > 0;
  return ({ headers }) => {
    if (isDone) return;
    const header = FORWARDING_HEADERS.find((name) => headers[name] !== undefined);
    if (header === undefined) return;
    isDone = true;
    logger.warn(
      "request was forwarded by a proxy, but TRUST_PROXY is 0: all visitors behind that proxy share the rate limits of one address. Set TRUST_PROXY to the number of proxies in front of this server",
      { header },
    );
  };
}

/** Creates the traffic meter of one node. */
export function createTraffic({ config, metrics, logger, keys }: TrafficDeps): Traffic {
  const exceeded = createWindowCounter(LOG_WINDOW_MS);
  const warnOfProxy = createProxyWarning({ config, logger });
  return {
    inflow: createInflowMeter(config.limitsScale),
    subscriberOf(request) {
      warnOfProxy(request);
      return subscriberOf(addressOf(config, request));
    },
    recordDisconnect(subscriber, reason) {
      metrics.connectionsClosed.inc({ reason });
      if (exceeded.add(subscriber) > 1) return;
      // Logs contain no addresses; equal keys mean the same address.
      const client = subscriberKey(keys.address, subscriber).slice(0, 12);
      logger.warn("client exceeded a transport limit; further occurrences within this minute are only counted", { reason, client });
    },
  };
}
