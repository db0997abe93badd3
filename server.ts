import { once } from "node:events";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startJobs } from "./jobs/index.ts";
import type { Deps } from "./middleware/deps.ts";
import { createClient } from "./prisma/client.ts";
import { DatabaseInUseError, startEmbedded } from "./prisma/embedded.ts";
import { migrate, pendingMigrations } from "./prisma/migrate.ts";
import { createPool } from "./prisma/pool.ts";
import { seed } from "./prisma/seed.ts";
import { createApp } from "./routes/app.ts";
import { wordFor } from "./routes/socket/handshake.ts";
import { createIo } from "./routes/socket/index.ts";
import { deriveKeys, developmentSecret } from "./services/auth/keys.ts";
import { composeServices } from "./services/compose.ts";
import { createLimiter } from "./services/limits/limiter.ts";
import { createEpochKeeper } from "./services/messages/epoch-keeper.ts";
import { startPulse } from "./services/realtime/pulse.ts";
import { systemClock } from "./utils/clock.ts";
import { type Config, ConfigError, loadConfig } from "./utils/config.ts";
import { createLogger } from "./utils/log.ts";
import { createMetrics } from "./utils/metrics.ts";

const STOP_MS = 9_500;
const DRAIN_MS = 500;
const COMMIT_MS = 4_000;
const CLOSE_MS = 2_000;

function readConfig(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exit(78);
  }
}

const config = readConfig();
const logger = createLogger(config);

function die(reason: string, error: unknown): void {
  logger.error(reason, { error });
  process.exitCode = 1;
  // The log must leave before the process does.
  setTimeout(() => process.exit(1), 200);
}
process.on("uncaughtException", (error) => die("an uncaught error ends the server", error));
process.on("unhandledRejection", (error) => die("an unhandled rejection ends the server", error));

async function start(): Promise<void> {
  const embedded = config.database ? null : await startEmbedded({ dataDir: config.dataDir, onLog: (line) => logger.info(line) });
  const url = config.database?.url ?? embedded?.url ?? "";
  let onBroken = (): void => undefined;
  const onError = (error: Error): void => {
    logger.warn("a database connection broke", { error });
    onBroken();
  };
  const pool = createPool(url, { max: 20, queryTimeoutMs: COMMIT_MS, onError });
  const lanes = createPool(url, { max: 2, queryTimeoutMs: COMMIT_MS, onError });
  const patient = createPool(url, { max: 2, onError });
  await migrate(patient);
  await seed(patient, { seedRooms: config.seedRooms });
  await patient.end();

  const metrics = createMetrics();
  const epochs = await createEpochKeeper(pool, logger);
  onBroken = epochs.suspect;
  const keys = deriveKeys(config.secret ?? { current: await developmentSecret(pool) });
  const limiter = createLimiter({ scale: config.limitsScale, keys, logger, ...(config.redis && { redis: config.redis }) });
  const io = createIo(config);
  const db = createClient(pool);
  const services = composeServices({
    db,
    pool,
    lanes,
    io,
    word: wordFor,
    keys,
    limiter,
    epoch: epochs.current,
    logger,
    metrics,
    now: systemClock,
  });
  epochs.onChange(() => io.disconnectSockets(true));
  const jobs = await startJobs({ url, services, logger, metrics });
  // The page is served as built, also while this file runs as source.
  const here = dirname(fileURLToPath(import.meta.url));
  const pageDir = join(here, basename(here) === "dist" ? "public" : "dist/public");
  const parts: Deps["parts"] = async () => {
    const [isAlive, isMigrated, jobStates] = await Promise.all([
      pool.query("SELECT 1").then(
        () => true,
        () => false,
      ),
      pendingMigrations(pool).then(
        (pending) => pending.length === 0,
        () => false,
      ),
      jobs.status(),
    ]);
    return {
      database: { ok: isAlive },
      migrations: { ok: isMigrated },
      redis: { ok: true, limitsAreShared: limiter.isShared() },
      jobs: { ok: true, jobs: jobStates },
    };
  };
  const deps: Deps = { config, services, metrics, parts, ...(existsSync(join(pageDir, "index.html")) && { pageDir }) };
  const http = createApp(deps, io);
  const pulse = startPulse(io, services, wordFor);
  http.listen(config.port, config.host);
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" ? address?.port : config.port;
  logger.info(`The Chatroom is open at ${config.publicUrl ?? `http://localhost:${port}`}`);

  async function stop(): Promise<void> {
    const last = setTimeout(() => process.exit(1), STOP_MS);
    logger.info("stopping: finishing what was begun");
    http.close();
    services.publish.serverDraining({ reconnectAfterMs: DRAIN_MS });
    await services.log.close();
    pulse.stop();
    await jobs.stop();
    http.closeAllConnections();
    // A client that never answers the closing frame must not use up the time of all that is still to be closed.
    await Promise.race([io.close(), pause(CLOSE_MS)]);
    await limiter.stop();
    await Promise.all([db.$disconnect(), pool.end(), lanes.end()]);
    await embedded?.stop();
    clearTimeout(last);
    logger.info("stopped");
  }

  let isStopping = false;
  const stopOnce = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => die("the server did not stop cleanly", error),
    );
  };
  process.on("SIGTERM", stopOnce);
  process.on("SIGINT", stopOnce);
  void embedded?.exited.then(({ isExpected, detail }) => {
    if (!isExpected) die("the embedded database ended", new Error(detail));
  });
}

start().catch((error: unknown) => {
  if (error instanceof DatabaseInUseError) {
    console.error(error.message);
    process.exit(1);
  }
  die("the server did not start", error);
});
