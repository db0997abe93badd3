import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import { findPostmaster } from "../../prisma/embedded/postmaster.ts";
import { newId } from "../../utils/ids.ts";
import { type App, bootApp, TEST_SECRETS } from "../support/app.ts";
import { createRest, send } from "../support/client.ts";
import { type TestDatabase, testDatabase, testFolder } from "../support/database/db.ts";
import { makeRoom } from "../support/factories.ts";
import { createGate, type Gate } from "../support/gate.ts";
import { type ServerProcess, startServer } from "../support/process.ts";
import { connect } from "../support/sockets/sockets.ts";

/** The number of responses per status and code. */
type Answers = Map<string, number>;

/** Keeps calling a server over REST and sockets, like impatient clients, until `stop` returns the responses. */
async function keepCalling(url: string, roomId: string): Promise<{ readonly answers: Answers; stop(): Promise<Answers> }> {
  const answers: Answers = new Map();
  let isOver = false;
  const guest = (await createRest(url).guest()) as { accessToken: string };
  const headers = { authorization: `Bearer ${guest.accessToken}` };
  const note = (answer: string): void => void answers.set(answer, (answers.get(answer) ?? 0) + 1);
  const paths = ["/api/auth/me", "/api/chatroom/lounges", `/api/chatroom/rooms/${roomId}/messages`, "/api/conversations"];
  async function callRest(path: string): Promise<void> {
    while (!isOver) {
      const { status, body } = await send(`${url}${path}`, "GET", { headers });
      note(status === 200 ? "ok" : `${status} ${(body as { code: string }).code}`);
    }
  }
  const socket = await connect(url, guest.accessToken);
  async function callSocket(): Promise<void> {
    while (!isOver) {
      const answer = await socket.ask("send_message", { roomId, clientMessageId: newId(), text: "under load" }).catch(() => null);
      if (answer === null) return;
      note(answer.ok ? "ok" : `${answer.error.status} ${answer.error.code}`);
    }
  }
  const calls = [...paths.flatMap((path) => Array.from({ length: 5 }, () => callRest(path))), callSocket(), callSocket()];
  return {
    answers,
    async stop() {
      isOver = true;
      await Promise.all(calls);
      socket.close();
      return answers;
    },
  };
}

const count = (answers: Answers, answer: string): number => answers.get(answer) ?? 0;

describe("database outage under load", () => {
  let database: TestDatabase;
  let gate: Gate;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await testDatabase();
    gate = await createGate(database.url);
    server = await startServer({ DATABASE_URL: gate.url, ...TEST_SECRETS });
  });

  afterAll(async () => {
    gate.open();
    await server.end("SIGTERM");
    await gate.close();
    await database.drop();
  });

  const linesWith = (words: string): string[] => server.log.filter((line) => line.includes(words));

  it("is logged once at its start and once at its end with the number of failed calls, with few other entries", async () => {
    const load = await keepCalling(server.url, await makeRoom(database));
    const before = server.log.length;
    gate.shut();
    await expect.poll(() => count(load.answers, "503 unavailable")).toBeGreaterThan(1_000);
    await expect.poll(() => linesWith("the database became unreachable").length).toBe(1);
    gate.open();
    await expect.poll(() => linesWith("the database is reachable again").length).toBe(1);
    const answers = await load.stop();
    const lines = server.log.slice(before);
    expect(lines.length).toBeLessThan(12);
    expect(linesWith("the database became unreachable")).toHaveLength(1);
    const failed = Number(/"unavailableAnswers":(\d+)/.exec(linesWith("the database is reachable again")[0] ?? "")?.[1]);
    expect(failed).toBeGreaterThan(1_000);
    expect(failed).toBeLessThanOrEqual(count(answers, "503 unavailable"));
    expect([...answers.keys()].sort()).toEqual(["503 unavailable", "ok"]);
  });
});

describe("PostgreSQL restart under load", () => {
  it("fails calls only with unavailable, and logs no failed call", async () => {
    const folder = await testFolder();
    const server = await startServer({ DATA_DIR: folder.path, ...TEST_SECRETS });
    const lounges = (await createRest(server.url).get("/api/chatroom/lounges")).body as { items: { rooms: { id: string }[] }[] };
    const load = await keepCalling(server.url, lounges.items[0]?.rooms[0]?.id ?? "");
    const home = await prepareHome(folder.path);
    for (const signal of ["SIGINT", "SIGQUIT"] as const) {
      const pid = (await findPostmaster(home))?.pid ?? Number.NaN;
      process.kill(pid, signal);
      await expect.poll(async () => (await findPostmaster(home).catch(() => null))?.pid ?? pid).not.toBe(pid);
      const okBefore = count(load.answers, "ok");
      await expect.poll(() => count(load.answers, "ok")).toBeGreaterThan(okBefore + 100);
    }
    const answers = await load.stop();
    await server.end("SIGTERM");
    await folder.remove();
    expect([...answers.keys()].sort()).toEqual(["503 unavailable", "ok"]);
    expect(server.log.filter((line) => line.includes("request failed"))).toEqual([]);
  });
});

describe("exhausted connection pool", () => {
  it("responds that the server is busy, and logs an exhausted pool instead of a database outage", async () => {
    const database = await testDatabase();
    const app: App = await bootApp({ database: database.url });
    const { pool } = app.services;
    const held = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    const answer = await createRest(app.url).get("/api/chatroom/lounges");
    for (const client of held) client.release();
    await app.close();
    await database.drop();
    expect(answer).toMatchObject({ status: 503, body: { code: "unavailable", detail: "The server is very busy. Try again in a moment." } });
    expect(answer.headers["retry-after"]).toBe("1");
    expect(app.log.filter((line) => line.includes("the connection pool is exhausted"))).toHaveLength(1);
    expect(app.log.filter((line) => line.includes("away"))).toEqual([]);
  });
});
