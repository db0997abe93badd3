import pg from "pg";
import { afterEach, describe, expect, it } from "vitest";
import { createPool } from "../../prisma/pool.ts";
import { PoolingModeError, requireSessions } from "../../prisma/pooling.ts";
import { newId } from "../../utils/ids.ts";
import { TEST_SECRETS } from "../support/app.ts";
import { createRest } from "../support/client.ts";
import { hasPgBouncer, type PgBouncer, type PgBouncerSettings, startPgBouncer } from "../support/database/pgbouncer.ts";
import { makeRoom, storedMessages } from "../support/factories.ts";
import { databaseForFile } from "../support/for-file.ts";
import { startServer } from "../support/process.ts";
import { connect } from "../support/sockets/sockets.ts";

let pooler: PgBouncer | null = null;

const database = await databaseForFile();

afterEach(async () => {
  await pooler?.remove();
  pooler = null;
});

async function poolerWith(settings: PgBouncerSettings): Promise<string> {
  pooler = await startPgBouncer(database.url, settings);
  return pooler.url;
}

/** Makes a pooler open connections to the database and leave them idle. */
async function warm(url: string, connections: number): Promise<void> {
  const clients = Array.from({ length: connections }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  await Promise.all(clients.map((client) => client.query("SELECT pg_sleep(0.1)")));
  await Promise.all(clients.map((client) => client.end()));
}

it("a direct connection is recognized as having its own session", async () => {
  await requireSessions(database.url);
});

describe.runIf(hasPgBouncer)("PgBouncer in transaction mode", () => {
  it.each<[string, Record<string, string>, number]>([
    ["that lends the server released last", {}, 0],
    ["that lends the server released last, with many idle ones", {}, 10],
    ["that lends the server idle for longest, of two", { server_round_robin: "1", default_pool_size: "2" }, 2],
    ["that lends the server idle for longest, of three", { server_round_robin: "1", default_pool_size: "3" }, 3],
    ["that lends the server idle for longest, of ten", { server_round_robin: "1" }, 10],
  ])("%s is recognized", async (_how, settings, idle) => {
    const url = await poolerWith({ pool_mode: "transaction", ...settings });
    if (idle > 0) await warm(url, idle);
    await expect(requireSessions(url)).rejects.toThrow(PoolingModeError);
  });

  it("is recognized while other clients are active", async () => {
    const url = await poolerWith({ pool_mode: "transaction", default_pool_size: "4" });
    const clients = Array.from({ length: 6 }, () => new pg.Client({ connectionString: url }));
    await Promise.all(clients.map((client) => client.connect()));
    let isOver = false;
    const work = clients.map(async (client) => {
      while (!isOver) await client.query("SELECT 1");
    });
    for (let round = 0; round < 10; round++) await expect(requireSessions(url)).rejects.toThrow(PoolingModeError);
    isOver = true;
    await Promise.all(work);
    await Promise.all(clients.map((client) => client.end()));
  });

  it("is rejected at the start with one sentence that says what to use instead, and exit code 78", async () => {
    const url = await poolerWith({ pool_mode: "transaction", ignore_startup_parameters: "options" });
    const error = (await startServer({ DATABASE_URL: url, ...TEST_SECRETS }).catch((found: unknown) => found)) as Error;
    expect(error.message).toMatch(/^the server ended with 78:\nDATABASE_URL .* session pooling .*\.$/);
  });
});

it.runIf(hasPgBouncer)("PgBouncer in statement mode is recognized", async () => {
  await expect(requireSessions(await poolerWith({ pool_mode: "statement" }))).rejects.toThrow(PoolingModeError);
});

describe.runIf(hasPgBouncer)("PgBouncer in session mode", () => {
  it.each<[string, Record<string, string>]>([
    ["that knows no startup options", {}],
    ["that ignores startup options", { ignore_startup_parameters: "options" }],
  ])("%s: the planner settings and the timeouts apply on every connection", async (_how, settings) => {
    const url = await poolerWith({ pool_mode: "session", ...settings });
    await requireSessions(url);
    for (let round = 0; round < 2; round++) {
      const pool = createPool(url, { max: 3, queryTimeoutMs: 4_000, onError: () => undefined });
      const clients = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
      const names = "'enable_seqscan', 'jit', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout'";
      const text = `SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) AS settings FROM pg_settings WHERE name IN (${names})`;
      const found = await Promise.all(clients.map((client) => client.query<{ settings: string }>(text)));
      for (const client of clients) client.release();
      await pool.end();
      const wanted = "enable_seqscan=off idle_in_transaction_session_timeout=10000 jit=off lock_timeout=1900 statement_timeout=3800";
      expect(found.map(({ rows }) => rows[0]?.settings)).toEqual([wanted, wanted, wanted]);
    }
  });

  it("serves a complete visit: entering as a guest, sending over REST and the socket, and reading", async () => {
    const server = await startServer({ DATABASE_URL: await poolerWith({ pool_mode: "session" }), ...TEST_SECRETS });
    const roomId = await makeRoom(database);
    const rest = createRest(server.url);
    const { accessToken } = await rest.guest();
    const socket = await connect(server.url, accessToken);
    await socket.command("join_room", { roomId });
    const drafts = Array.from({ length: 60 }, (_, at) => ({ roomId, clientMessageId: newId(), text: `text ${at}` }));
    const acks = await Promise.all(drafts.map((draft) => socket.ask("send_message", draft)));
    expect(acks.filter(({ ok }) => !ok)).toEqual([]);
    const { status } = await rest.post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text: "over REST" });
    expect(status).toBe(201);
    const page = await rest.get<{ items: unknown[] }>(`/api/chatroom/rooms/${roomId}/messages`);
    expect(page.body.items).toHaveLength(50);
    expect(await storedMessages(database.pool, roomId)).toHaveLength(61);
    socket.close();
    expect(await server.end("SIGTERM")).toBe(0);
    expect(server.log.filter((line) => /\b(warn|error)\b/.test(line))).toEqual([]);
  });
});
