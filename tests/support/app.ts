import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Writable } from "node:stream";
import type pg from "pg";
import winston from "winston";
import type { Deps } from "../../middleware/deps.ts";
import { connect } from "../../prisma/open.ts";
import { createNode } from "../../routes/create-node.ts";
import type { Services } from "../../services/context.ts";
import { createEpochKeeper } from "../../services/history/history-epoch-keeper.ts";
import type { ChatServer } from "../../services/realtime/io.ts";
import { openVault } from "../../services/vault/open.ts";
import type { Clock } from "../../utils/clock.ts";
import { systemClock } from "../../utils/clock.ts";
import { loadConfig } from "../../utils/config.ts";
import { createLogger } from "../../utils/log.ts";
import { watchAnswers } from "./conformance/conformance.ts";
import { noteLog } from "./conformance/private-data.mjs";

export type AppOptions = {
  /** The address of a migrated database. */
  readonly database: string;
  /** Multiplies every budget and cap, as `LIMITS_SCALE` does; 1,000 by default, so that only tests of limits reach them. */
  readonly limitsScale?: number;
  /** Additional settings. */
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: Clock;
  /** Disconnects a socket without a token after this time; the contract's value by default. */
  readonly handshakeMs?: number;
};

/** A real server in this process, on its own port. */
export type App = {
  readonly url: string;
  readonly port: number;
  readonly deps: Deps;
  readonly services: Services;
  readonly io: ChatServer;
  readonly http: Server;
  readonly writePool: pg.Pool;
  /** The log of the server so far, one line per entry. */
  readonly log: readonly string[];
  /** Stops the server as `server.ts` does. The database keeps running. */
  close(): Promise<void>;
};

/** One secret for all servers of a test run: tokens of one are accepted by the others, as on the nodes of one installation. */
export const TEST_SECRET = "Zq3v-7hTn2-Lw8xKe5Rb-9mYd4Pc6-Uf1gJs0A";

/** The settings that every other process needs to read the tokens and sealed fields of the test servers. */
export const TEST_SECRETS = { APP_SECRET: TEST_SECRET, DATA_KEY: TEST_SECRET };

function keepLog(config: Parameters<typeof createLogger>[0]) {
  const log: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString().trimEnd());
      noteLog(chunk.toString());
      done();
    },
  });
  const logger = createLogger({ ...config, logLevel: "debug" });
  logger.clear().add(new winston.transports.Stream({ stream }));
  return { logger, log };
}

/** Starts the app on port 0, assembled as in `server.ts`, without jobs and without the built page. */
export async function bootApp({ database, limitsScale = 1_000, env = {}, now = systemClock, handshakeMs }: AppOptions): Promise<App> {
  const config = loadConfig({
    NODE_ENV: "test",
    PORT: "0",
    HOST: "127.0.0.1",
    ...TEST_SECRETS,
    LIMITS_SCALE: String(limitsScale),
    ...env,
  });
  const { logger, log } = keepLog(config);
  let suspect = (): void => undefined;
  const connections = connect(database, { max: 8, onBroken: () => suspect() });
  const epochs = await createEpochKeeper(connections.pool, logger);
  suspect = epochs.suspect;
  const secret = config.secret ?? { current: TEST_SECRET };
  const vault = await openVault(connections.pool, config.dataKeys ?? { current: TEST_SECRET });
  const { deps, io, http, close } = createNode({ config, ...connections, secret, vault, epochs, logger, now, jobs: async () => [] });
  watchAnswers(http);
  if (handshakeMs !== undefined) io.connectTimeout(handshakeMs);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;

  async function closeAll(): Promise<void> {
    await close();
    await connections.close();
  }

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    deps,
    services: deps.services,
    io,
    http,
    writePool: connections.writePool,
    log,
    close: closeAll,
  };
}
