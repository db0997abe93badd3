import { once } from "node:events";
import { existsSync } from "node:fs";
import type { Server } from "node:http";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startJobs } from "./jobs/index.ts";
import type { Scheduler } from "./jobs/scheduler.ts";
import { ownsAuditLog } from "./prisma/audit/separate.ts";
import { type Database, openDatabase } from "./prisma/open.ts";
import { operatorErrorOf } from "./prisma/operator-errors.ts";
import { type ChatNode, createNode } from "./routes/create-node.ts";
import { developmentSecret } from "./services/auth/tokens/keys.ts";
import { createEpochKeeper } from "./services/history/history-epoch-keeper.ts";
import { detectLanguage } from "./services/messages/text/language.ts";
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
  // The log must be flushed before the process exits.
  setTimeout(() => process.exit(1), 200);
}
process.on("uncaughtException", (error) => die("uncaught exception, exiting", error));
process.on("unhandledRejection", (error) => die("unhandled rejection, exiting", error));

/** Returns the folder of the built page, also when this file runs from source. */
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
  logger.info(`The Chatroom is listening at ${config.publicUrl ?? `http://localhost:${port}`}`);
}

/** Reads the epoch again once the database answers; does nothing before the first reading. */
let suspectEpoch = (): void => undefined;

/** The parts that are open so far. */
const opened: { node?: ChatNode; jobs?: Scheduler; database?: Database } = {};

/** Aborted by the first signal that asks this process to stop. */
const stopping = new AbortController();

async function closeAll(): Promise<void> {
  await opened.node?.close();
  await opened.jobs?.stop();
  await opened.database?.close();
}

/** Stops everything that is open, also during the start; if that takes too long, the process exits anyway. */
async function stop(starting: Promise<void>): Promise<void> {
  if (stopping.signal.aborted) return;
  stopping.abort();
  setTimeout(() => process.exit(1), STOP_MS).unref();
  logger.info("stopping: finishing requests in progress");
  await starting;
  await closeAll();
  logger.info("stopped");
  process.exit(0);
}

/** Logs once if the server's own role could change the audit log. In the embedded database it cannot. */
async function checkAuditLog({ pool }: Database): Promise<void> {
  if (await ownsAuditLog(pool))
    logger.info("The database role of this server could change the audit log; docs/moderation.md describes how to separate it.");
}

async function openServices(database: Database): Promise<void> {
  await checkAuditLog(database);
  const epochs = await createEpochKeeper(database.pool, logger);
  suspectEpoch = epochs.suspect;
  const secret = config.secret ?? { current: await developmentSecret(database.pool, "development_secret") };
  const dataKeys = config.dataKeys ?? { current: await developmentSecret(database.pool, "development_data_key") };
  const node = createNode({
    config,
    ...database,
    secret,
    vault: await openVault(database.pool, dataKeys),
    epochs,
    logger,
    now: systemClock,
    jobs: async () => opened.jobs?.status(),
    ...builtPage(),
  });
  opened.node = node;
  const { services, metrics } = node.deps;
  stopping.signal.throwIfAborted();
  opened.jobs = await startJobs({ url: database.url, services, logger, metrics });
  stopping.signal.throwIfAborted();
  // Warms up the language detection thread, so that the first message does not wait for it.
  void detectLanguage("Good evening to everyone in this room", null);
  await listen(node.http);
}

async function start(): Promise<void> {
  const database = await openDatabase(config, {
    onLog: (line) => logger.info(line),
    onBroken: (error) => {
      // The monitor logs whether the database is unreachable.
      logger.debug("database connection lost", { error });
      suspectEpoch();
    },
    signal: stopping.signal,
  });
  opened.database = database;
  void database.lost.then((detail) => die("the embedded database stopped and could not be restarted", new Error(detail)));
  stopping.signal.throwIfAborted();
  await openServices(database);
}

/** Handles a failed start. A start that was aborted because the process must stop has not failed. */
async function endStart(error: unknown): Promise<void> {
  if (stopping.signal.aborted) return;
  const known = operatorErrorOf(error);
  if (known === null) return die("the server did not start", error);
  console.error(known.message);
  process.exitCode = known.exitCode;
  await closeAll();
  process.exit();
}

const starting = start().catch(endStart);
for (const signal of ["SIGTERM", "SIGINT"])
  process.on(signal, () => void stop(starting).catch((error: unknown) => die("the server did not stop cleanly", error)));
