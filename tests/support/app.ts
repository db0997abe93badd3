import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import winston from "winston";
import type { Deps } from "../../middleware/deps.ts";
import { createClient } from "../../prisma/client.ts";
import { createPool } from "../../prisma/pool.ts";
import { createApp } from "../../routes/app.ts";
import { wordFor } from "../../routes/socket/handshake.ts";
import { createIo } from "../../routes/socket/index.ts";
import { deriveKeys } from "../../services/auth/keys.ts";
import { composeServices } from "../../services/compose.ts";
import type { Services } from "../../services/context.ts";
import { createLimiter } from "../../services/limits/limiter.ts";
import { createEpochKeeper } from "../../services/messages/epoch-keeper.ts";
import type { ChatServer } from "../../services/realtime/io.ts";
import { startPulse } from "../../services/realtime/pulse.ts";
import type { Clock } from "../../utils/clock.ts";
import { systemClock } from "../../utils/clock.ts";
import { loadConfig } from "../../utils/config.ts";
import { createLogger } from "../../utils/log.ts";
import { createMetrics } from "../../utils/metrics.ts";

export type AppOptions = {
  /** The address of a migrated database. */
  readonly database: string;
  /** Multiplies every budget and cap, as `LIMITS_SCALE` does; 1,000 unless told, so that only tests of limits meet them. */
  readonly limitsScale?: number;
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: Clock;
  /** After how long a line without a token is cut; the contract's unless told. */
  readonly handshakeMs?: number;
};

/** A real server in this process, on a port of its own. */
export type App = {
  readonly url: string;
  readonly port: number;
  readonly deps: Deps;
  readonly services: Services;
  readonly io: ChatServer;
  readonly http: Server;
  readonly lanes: pg.Pool;
  /** What the server logged so far, one line an entry. */
  readonly log: readonly string[];
  /** Ends the server as `server.ts` does. The database stays. */
  close(): Promise<void>;
};

/** One secret for all servers of a test run: tokens of one are good at the others, as on the nodes of one installation. */
export const TEST_SECRET = "Zq3v-7hTn2-Lw8xKe5Rb-9mYd4Pc6-Uf1gJs0A";
const COMMIT_MS = 4_000;
const CLOSE_MS = 2_000;

function keepLog(config: Parameters<typeof createLogger>[0]) {
  const log: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString().trimEnd());
      done();
    },
  });
  const logger = createLogger({ ...config, logLevel: "debug" });
  logger.clear().add(new winston.transports.Stream({ stream }));
  return { logger, log };
}

/** Boots the app on port 0, assembled as `server.ts` does it, without jobs and without the built page. */
export async function bootApp({ database, limitsScale = 1_000, env = {}, now = systemClock, handshakeMs }: AppOptions): Promise<App> {
  const config = loadConfig({
    NODE_ENV: "test",
    PORT: "0",
    HOST: "127.0.0.1",
    APP_SECRET: TEST_SECRET,
    LIMITS_SCALE: String(limitsScale),
    ...env,
  });
  const { logger, log } = keepLog(config);
  let onBroken = (): void => undefined;
  const onError = (): void => onBroken();
  const pool = createPool(database, { max: 8, queryTimeoutMs: COMMIT_MS, onError });
  const lanes = createPool(database, { max: 2, queryTimeoutMs: COMMIT_MS, onError });
  const metrics = createMetrics();
  const epochs = await createEpochKeeper(pool, logger);
  onBroken = epochs.suspect;
  const keys = deriveKeys(config.secret ?? { current: TEST_SECRET });
  const limiter = createLimiter({ scale: config.limitsScale, keys, logger });
  const io = createIo(config);
  if (handshakeMs !== undefined) io.connectTimeout(handshakeMs);
  const db = createClient(pool);
  const services = composeServices({ db, pool, lanes, io, word: wordFor, keys, limiter, epoch: epochs.current, logger, metrics, now });
  epochs.onChange(() => io.disconnectSockets(true));
  const parts: Deps["parts"] = async () => ({
    database: {
      ok: await pool.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    },
  });
  const deps: Deps = { config, services, metrics, parts };
  const http = createApp(deps, io);
  const pulse = startPulse(io, services, wordFor);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;

  async function close(): Promise<void> {
    http.close();
    await services.log.close();
    pulse.stop();
    http.closeAllConnections();
    // A client that never answers the closing frame must not hold up a test.
    await Promise.race([io.close(), pause(CLOSE_MS)]);
    await limiter.stop();
    await Promise.all([db.$disconnect(), pool.end(), lanes.end()]);
  }

  return { url: `http://127.0.0.1:${port}`, port, deps, services, io, http, lanes, log, close };
}
