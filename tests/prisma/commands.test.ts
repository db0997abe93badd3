import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import { claim } from "../../prisma/embedded/process-lock.ts";
import { createMonitor } from "../../prisma/monitor.ts";
import { acquireNodeLock, ServersRunningError, withServersStopped } from "../../prisma/node-lock.ts";
import { operatorErrorOf } from "../../prisma/operator-errors.ts";
import { createPool } from "../../prisma/pool.ts";
import { readEpoch } from "../../services/history/history-epoch.ts";
import { TEST_SECRETS } from "../support/app.ts";
import { runCommandFile } from "../support/command.ts";
import { testFolder } from "../support/database/db.ts";
import { hasPgBouncer, startPgBouncer } from "../support/database/pgbouncer.ts";
import { databaseForFile } from "../support/for-file.ts";
import { createGate, type Gate } from "../support/gate.ts";
import { startServer } from "../support/process.ts";

const NEW_EPOCH = "services/history/new-epoch-command.ts";
const RUNNING = "A server is running on this database; stop every server first, then run this command again.";

/** Every command with its required arguments. */
const commands: readonly (readonly [string, readonly string[]])[] = [
  ["services/roles/admin-command.ts", ["somebody"]],
  ["services/vault/rotate-command.ts", []],
  ["services/audit/verify-command.ts", []],
  ["services/audit/expire-command.ts", []],
  ["services/search/index/rebuild-command.ts", []],
  [NEW_EPOCH, []],
];

let gate: Gate;

const database = await databaseForFile();

beforeAll(async () => {
  gate = await createGate(database.url);
});

beforeEach(() => gate.open());

afterAll(async () => {
  await gate.close();
});

it("every command with an unavailable database: prints one sentence without a stack and exits with code 1", async () => {
  gate.shut();
  const ended = await Promise.all(commands.map(([file, args]) => runCommandFile(file, { DATABASE_URL: gate.url }, args)));
  for (const { code, words } of ended) {
    expect(words).toMatch(/^The database cannot be reached: [^\n]+\.$/);
    expect(code).toBe(1);
  }
});

it.runIf(hasPgBouncer)("a command through a pooler in transaction mode: prints one sentence and exits with code 78", async () => {
  const pooler = await startPgBouncer(database.url, { pool_mode: "transaction" });
  const { code, words } = await runCommandFile(NEW_EPOCH, { DATABASE_URL: pooler.url });
  await pooler.remove();
  expect(words).toMatch(/^DATABASE_URL points to a connection pooler in transaction mode.*\.$/);
  expect(code).toBe(78);
});

describe("npm run epoch:new", () => {
  it("while a server runs: prints one sentence and changes nothing; after the server has stopped, starts a new epoch", async () => {
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
    const before = await readEpoch(database.pool);
    expect(await runCommandFile(NEW_EPOCH, { DATABASE_URL: database.url })).toEqual({ code: 1, words: RUNNING });
    expect(await readEpoch(database.pool)).toBe(before);
    expect(await server.end("SIGTERM")).toBe(0);
    const { code, words } = await runCommandFile(NEW_EPOCH, { DATABASE_URL: database.url });
    const after = await readEpoch(database.pool);
    expect(after).not.toBe(before);
    expect({ code, words }).toEqual({ code: 0, words: `The new epoch is ${after}. Clients take a fresh snapshot when they connect.` });
  });

  it("while a server owns the embedded database: prints the same sentence", async () => {
    const folder = await testFolder();
    const withdraw = await claim(await prepareHome(folder.path), folder.path);
    const ended = await runCommandFile(NEW_EPOCH, { DATA_DIR: folder.path });
    await withdraw();
    await folder.remove();
    expect(ended).toEqual({ code: 1, words: RUNNING });
  });
});

describe("the lock of a running server", () => {
  const open = () => createPool(database.url, { max: 2, onError: () => undefined });
  const nothing = async (): Promise<void> => undefined;
  let close: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const step of close) await step();
    close = [];
  });

  it("is shared by several servers, and released by the last one", async () => {
    const pool = open();
    const monitors = [createMonitor(database.url), createMonitor(database.url)];
    close = [...monitors.map((monitor) => () => monitor.close()), () => pool.end()];
    const [first, second] = await Promise.all(monitors.map(acquireNodeLock));
    await expect(withServersStopped(pool, nothing)).rejects.toThrow(ServersRunningError);
    first?.release();
    await expect(withServersStopped(pool, nothing)).rejects.toThrow(ServersRunningError);
    second?.release();
    await expect.poll(() => withServersStopped(pool, async () => "done").catch(() => null)).toBe("done");
  });

  it("is acquired again after its connection broke", async () => {
    const pool = open();
    const monitor = createMonitor(gate.url);
    const lock = await acquireNodeLock(monitor);
    close = [async () => lock.release(), () => monitor.close(), () => pool.end()];
    gate.shut();
    await expect.poll(() => withServersStopped(pool, async () => "done").catch(() => null)).toBe("done");
    gate.open();
    await expect.poll(() => withServersStopped(pool, nothing).catch((error: unknown) => error)).toBeInstanceOf(ServersRunningError);
  });

  it("makes a starting server wait until the command has finished", async () => {
    const pool = open();
    const monitor = createMonitor(database.url);
    const order: string[] = [];
    const starting = await withServersStopped(pool, async () => {
      const holding = acquireNodeLock(monitor).then((lock) => {
        order.push("started");
        return lock;
      });
      const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
      await expect.poll(async () => (await database.pool.query(waiting)).rowCount).toBe(1);
      order.push("done");
      return { holding };
    });
    const lock = await starting.holding;
    close = [async () => lock.release(), () => monitor.close(), () => pool.end()];
    expect(order).toEqual(["done", "started"]);
  });
});

it.each([
  [
    "missing privileges",
    Object.assign(new Error("permission denied for schema public"), { code: "42501" }),
    /must own its database.*schema public\.$/,
  ],
  [
    "a wrong password",
    Object.assign(new Error('password authentication failed for user "chatroom"'), { code: "28P01" }),
    /cannot be reached: password/,
  ],
  [
    "several addresses",
    new AggregateError([Object.assign(new Error("connect ECONNREFUSED ::1:1"), { code: "ECONNREFUSED" })]),
    /reached: connect ECONN/,
  ],
  ["too many connections", Object.assign(new Error("sorry, too many clients already"), { code: "53300" }), /max_connections .*: sorry/],
  [
    "a port in use",
    Object.assign(new Error("listen EADDRINUSE: address already in use :::1"), { code: "EADDRINUSE" }),
    /The port of this server is already in use/,
  ],
])("%s: is reported to operators in one sentence", (_what, error, words) => {
  expect(operatorErrorOf(error)).toEqual({ message: expect.stringMatching(words) as string, exitCode: 1 });
});

it("a bug is not reported as an operator error", () => {
  expect(operatorErrorOf(new TypeError("x is not a function"))).toBeNull();
});
