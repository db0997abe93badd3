import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startJobs } from "./jobs/index.ts";
import type { Scheduler } from "./jobs/scheduler.ts";
import { DatabaseInUseError } from "./prisma/embedded.ts";
import { openDatabase } from "./prisma/open.ts";
import { assemble } from "./routes/assemble.ts";
import { developmentSecret } from "./services/auth/keys.ts";
import { createEpochKeeper } from "./services/messages/epoch-keeper.ts";
import { detectLanguage } from "./services/messages/language.ts";
import { openVault } from "./services/vault/open.ts";
import { systemClock } from "./utils/clock.ts";
import { type Config, ConfigError, loadConfig } from "./utils/config.ts";
import { createLogger } from "./utils/log.ts";

const STOP_MS = 9_500;

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

/** The page is served as built, also while this file runs as source. */
function builtPage(): { pageDir?: string } {
  const here = dirname(fileURLToPath(import.meta.url));
  const pageDir = join(here, basename(here) === "dist" ? "public" : "dist/public");
  return existsSync(join(pageDir, "index.html")) ? { pageDir } : {};
}

async function listen(http: Server): Promise<void> {
  http.listen(config.port, config.host);
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" ? address?.port : config.port;
  logger.info(`The Chatroom is open at ${config.publicUrl ?? `http://localhost:${port}`}`);
}

type Stoppable = { close(): Promise<void> };

/** The first signal stops the parts in their order; if that takes too long, it ends all the same. */
function stopOnSignal(parts: readonly Stoppable[]): void {
  let isStopping = false;
  async function stop(): Promise<void> {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), STOP_MS).unref();
    logger.info("stopping: finishing what was begun");
    for (const part of parts) await part.close();
    logger.info("stopped");
    process.exit(0);
  }
  for (const signal of ["SIGTERM", "SIGINT"])
    process.on(signal, () => void stop().catch((error: unknown) => die("the server did not stop cleanly", error)));
}

async function start(): Promise<void> {
  let suspect = (): void => undefined;
  const database = await openDatabase(config, {
    onLog: (line) => logger.info(line),
    onBroken: (error) => {
      logger.warn("a database connection broke", { error });
      suspect();
    },
  });
  const epochs = await createEpochKeeper(database.pool, logger);
  suspect = epochs.suspect;
  const secret = config.secret ?? { current: await developmentSecret(database.pool, "development_secret") };
  const dataKeys = config.dataKeys ?? { current: await developmentSecret(database.pool, "development_data_key") };
  let jobs: Scheduler | null = null;
  const node = assemble({
    config,
    ...database,
    secret,
    vault: await openVault(database.pool, dataKeys),
    epochs,
    logger,
    now: systemClock,
    jobs: async () => jobs?.status(),
    ...builtPage(),
  });
  const { services, metrics } = node.deps;
  jobs = await startJobs({ url: database.url, services, logger, metrics });
  // Before anybody can know that it is open: who asks it to stop then is heard.
  stopOnSignal([node, { close: jobs.stop }, database]);
  // The first message shall not wait until the thread that tells languages has begun.
  void detectLanguage("Good evening to everybody in this room", null);
  await listen(node.http);
  void database.lost.then((detail) => die("the embedded database is lost", new Error(detail)));
}

start().catch((error: unknown) => {
  if (!(error instanceof DatabaseInUseError)) return die("the server did not start", error);
  console.error(error.message);
  process.exit(1);
});
