import type { Server } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import type { Logger } from "winston";
import type { Deps } from "../middleware/deps.ts";
import { createOutbox } from "../services/adapters/dev-message-sink.ts";
import { openMail } from "../services/adapters/mail/open.ts";
import { openSms } from "../services/adapters/sms/open.ts";
import { createPasswords } from "../services/auth/passwords/passwords.ts";
import { deriveKeys, type Secret } from "../services/auth/tokens/keys.ts";
import { createMessageHook } from "../services/automod/hook/message-hook.ts";
import { composeServices } from "../services/compose.ts";
import type { Services } from "../services/context.ts";
import type { EpochKeeper } from "../services/history/history-epoch-keeper.ts";
import { createLimiter } from "../services/limits/limiter.ts";
import { createReadiness, type ReadinessSources } from "../services/readiness.ts";
import { startBackgroundLoops } from "../services/realtime/background-loops.ts";
import type { ChatServer } from "../services/realtime/io.ts";
import type { Clock } from "../utils/clock.ts";
import type { Config } from "../utils/config.ts";
import { createMetrics } from "../utils/metrics.ts";
import { createApp } from "./app.ts";
import { localizedProblem } from "./socket/handshake.ts";
import { createIo } from "./socket/index.ts";
import { createTraffic } from "./traffic.ts";

/** How soon clients of a stopping node should reconnect, to another node or to the restarted one. */
const DRAIN_MS = 500;

/**
 * While it stops, a node rejects new requests for at least this long before it closes idle connections: a request that has already been
 * sent is answered with 503 instead of a closed connection.
 */
const GRACE_MS = 250;
/** How long requests and commands in progress may continue, and how long those that cannot finish may take to be answered. */
const FINISH_MS = 3_000;
const ANSWER_MS = 1_500;
/** How long clients may take to answer the close frame. */
const CLOSE_MS = 1_500;

/** Returns the bcrypt cost: about 0.2 s of CPU time. Tests use a cheaper one. */
const bcryptCost = ({ mode }: Config): number => (mode === "test" ? 5 : 12);

/** The dependencies of one node. */
export type NodeOptions = {
  readonly config: Config;
  readonly pool: pg.Pool;
  readonly writePool: pg.Pool;
  /** The address of a role that may remove expired entries of the audit log; null if only the server's own role might. */
  readonly auditUrl?: string | null;
  readonly db: Services["db"];
  readonly monitor: ReadinessSources["monitor"];
  readonly secret: Secret;
  readonly vault: Services["vault"];
  readonly epochs: EpochKeeper;
  readonly logger: Logger;
  readonly now: Clock;
  /** The latest runs of the jobs, for `/health/ready`. */
  readonly jobs: () => Promise<unknown>;
  readonly pageDir?: string;
};

/** One assembled node that is not listening yet. */
export type ChatNode = {
  readonly deps: Deps;
  readonly io: ChatServer;
  readonly http: Server;
  /**
   * Stops the node within about 6 s: rejects new requests, asks sockets to reconnect elsewhere, answers every request and command it
   * accepted, and closes all connections. The database stays open.
   */
  close(): Promise<void>;
};

/** Creates the REST and socket endpoints and all services on an open database. */
export function createNode({ config, secret, epochs, jobs, pageDir, ...rest }: NodeOptions): ChatNode {
  const metrics = createMetrics();
  const keys = deriveKeys(secret);
  const limiter = createLimiter({ scale: config.limitsScale, keys, logger: rest.logger, ...(config.redis && { redis: config.redis }) });
  const traffic = createTraffic({ config, metrics, logger: rest.logger, keys });
  const io = createIo(config, traffic);
  const outbox = config.mode === "production" ? null : createOutbox(rest.now);
  const channels = { outbox, logger: rest.logger };
  const sms = openSms(config, channels);
  const mail = openMail(config, channels);
  const passwords = createPasswords({ cost: bcryptCost(config) });
  const siteUrl = config.publicUrl ?? `http://localhost:${config.port}`;
  const { current: epoch } = epochs;
  const { logger, now } = rest;
  const messageHook = config.moderationHook ? createMessageHook({ ...config.moderationHook, now, logger, metrics }) : null;
  const services = composeServices({
    ...rest,
    auditUrl: rest.auditUrl ?? null,
    messageHook,
    io,
    localizeProblem: localizedProblem,
    keys,
    limiter,
    epoch,
    metrics,
    sms,
    mail,
    passwords,
    siteUrl,
    rules: config,
  });
  epochs.onChange(() => {
    services.roomBroadcaster.reset();
    io.disconnectSockets(true);
  });
  const stopping = new AbortController();
  const deps: Deps = {
    config,
    services,
    metrics,
    outbox,
    inFlight: new Set(),
    stopping: stopping.signal,
    healthChecks: createReadiness({ services, metrics, monitor: rest.monitor, jobs }),
    ...(pageDir !== undefined && { pageDir }),
  };
  const { http, gate } = createApp(deps, io, traffic);
  const backgroundLoops = startBackgroundLoops(io, services, localizedProblem);

  async function close(): Promise<void> {
    stopping.abort();
    gate.drain();
    services.publish.serverDraining({ reconnectAfterMs: DRAIN_MS });
    const commands = Promise.all(deps.inFlight);
    await Promise.all([Promise.race([Promise.all([gate.answered(), commands]), pause(FINISH_MS)]), pause(GRACE_MS)]);
    // Stops listening and closes idle connections.
    http.close();
    // Calls that still wait for a password or for the message writer are answered with `unavailable`.
    await Promise.all([services.messageWriter.close(), passwords.close()]);
    await Promise.race([Promise.all([gate.answered(), ...deps.inFlight]), pause(ANSWER_MS)]);
    await backgroundLoops.stop();
    // Socket.IO writes in the next iteration of the event loop, and nothing can be written after the connection is closed.
    await new Promise(setImmediate);
    // A client that never answers the close frame must not use up the time of the remaining steps.
    await Promise.race([io.close(), pause(CLOSE_MS)]);
    http.closeAllConnections();
    await mail?.close();
    await limiter.stop();
  }

  return { deps, io, http, close };
}
