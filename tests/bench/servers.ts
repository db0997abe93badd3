import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { startEmbedded } from "../../prisma/embedded.ts";
import { makeGuests } from "./load/guests.ts";
import { forkHere, freePort, reachable, run, stop } from "./processes.ts";

const SEED_ROOMS = 600;
const LIMITS_SCALE = 10_000;

/** Tokens are valid for 15 minutes and must not expire during a run. */
const TOKENS_GOOD_MS = 8 * 60_000;

export type Database = { url: string; pool: pg.Pool; stop: () => Promise<void> };

export type Running = { port: number; pid: number; stop: () => Promise<void> };

/** Starts the product's embedded database with its durable settings, for the server and the raw controls. */
export async function startDatabase(): Promise<Database> {
  const dataDir = await mkdtemp(join(tmpdir(), "chatroom-bench-"));
  const embedded = await startEmbedded({ dataDir });
  const pool = new pg.Pool({ connectionString: embedded.url, max: 4 });
  pool.on("error", () => undefined);
  const stopDatabase = async (): Promise<void> => {
    await pool.end();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url: embedded.url, pool, stop: stopDatabase };
}

const runningOf = (child: ChildProcess, port: number): Running => {
  if (child.pid === undefined) throw new Error("the server did not start");
  return { port, pid: child.pid, stop: () => stop(child) };
};

export async function startBare(): Promise<Running> {
  const port = await freePort();
  const child = forkHere("./load/bare.ts", { PORT: String(port) });
  await once(child, "message");
  return runningOf(child, port);
}

/** Returns the Node.js options of `npm start`. */
async function startOptions(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as { scripts: { start: string } };
  return /exec node (.*) dist\/server\.js$/.exec(scripts.start)?.[1]?.split(" ") ?? [];
}

export type StartOptions = {
  readonly nodeOptions?: readonly string[];
  /** The checkout to run; this one by default. */
  readonly folder?: string;
  /** Multiplies every limit; by default so much that no measurement reaches one. */
  readonly limitsScale?: number;
};

/** Starts the built server as users do, on the given database and with raised limits. */
export async function startOurs(database: Database, options: StartOptions = {}): Promise<Running> {
  const { nodeOptions = [], folder, limitsScale = LIMITS_SCALE } = options;
  const port = await freePort();
  const { PATH, HOME } = process.env;
  const env = {
    PATH,
    HOME,
    PORT: String(port),
    DATABASE_URL: database.url,
    LIMITS_SCALE: String(limitsScale),
    SEED_ROOMS: String(SEED_ROOMS),
    LOG_LEVEL: "warn",
  };
  const child = run(process.execPath, [...(await startOptions()), ...nodeOptions, "dist/server.js"], env, folder);
  await reachable(`http://127.0.0.1:${port}/health/ready`, child);
  await settleSearch(database.pool);
  return runningOf(child, port);
}

const INDEXED = `
  INSERT INTO search_progress (room_id, seq) SELECT id, last_seq FROM rooms ORDER BY id
  ON CONFLICT (room_id) DO UPDATE SET seq = excluded.seq, backlog_from = 0, backlog_to = 0`;

/** Marks all messages as indexed: the index catches up asynchronously, which would be charged to the next measurement. */
export const settleSearch = async (client: pg.Pool | pg.Client): Promise<void> => void (await client.query(INDEXED));

/** Returns language rooms that any guest may enter. */
export async function openRooms(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    "SELECT r.id FROM rooms r JOIN lounges l ON l.id = r.lounge_id WHERE l.access_level = 'open' AND l.is_active ORDER BY r.id",
  );
  return rows.map((row) => row.id);
}

/** Returns access tokens that are valid long enough for one run, each of a different guest. */
export function tokenSource(port: number): (amount: number) => Promise<string[]> {
  let tokens: string[] = [];
  let madeAt = 0;
  return async (amount) => {
    if (performance.now() - madeAt > TOKENS_GOOD_MS) {
      tokens = [];
      madeAt = performance.now();
    }
    if (tokens.length < amount) tokens.push(...(await makeGuests(port, amount - tokens.length)));
    return tokens.slice(0, amount);
  };
}
