import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../utils/ids.ts";
import { type App, bootApp, TEST_SECRETS } from "./support/app.ts";
import { type TestDatabase, testDatabase } from "./support/db.ts";
import { lastSeqOf, makeGuest, makeRoom, type Person, storedMessages } from "./support/factories.ts";
import { startServer } from "./support/process.ts";
import { connect } from "./support/sockets.ts";
import { askWire, enterWire } from "./support/wire.ts";

let database: TestDatabase;
let beside: App;
let ann: Person;
let roomId: string;

beforeAll(async () => {
  database = await testDatabase();
  beside = await bootApp({ database: database.url });
  ann = await makeGuest(beside.services);
  roomId = await makeRoom(beside.services);
});

afterAll(async () => {
  await beside.close();
  await database.drop();
});

describe("a server that is asked to stop", () => {
  it("says so to its sockets, finishes what it took, and ends well within 10 s, even with a client that reads nothing", async () => {
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
    const [live, sleeper] = [await connect(server.url, ann.token), await enterWire(server.url, ann.token)];
    await askWire(sleeper, 1, ["join_room", { roomId }]);
    sleeper.ws.pause();
    const answers = Array.from({ length: 200 }, () => live.ask("send_message", { roomId, clientMessageId: newId(), text: "under way" }));
    const stoppedAt = performance.now();
    const ending = server.end("SIGTERM");
    expect(await live.hear("server_draining")).toEqual({ reconnectAfterMs: expect.any(Number) as number });
    const settled = await Promise.all(answers.map((answer) => answer.catch(() => null)));
    expect(await ending).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);
    const acknowledged = settled.flatMap((answer) => (answer?.ok ? [answer.data.message.id] : []));
    for (const answer of settled) if (answer?.ok === false) expect(answer.error.code).toBe("unavailable");
    const stored = (await storedMessages(database.pool, roomId)).map((row) => row.id);
    for (const id of acknowledged) expect(stored).toContain(id);
    expect(await lastSeqOf(database.pool, roomId)).toBe(stored.length);
    sleeper.ws.terminate();
  }, 40_000);

  it("ends at once when nobody is there", async () => {
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
    const stoppedAt = performance.now();
    expect(await server.end("SIGTERM")).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  }, 40_000);
});

describe("a server with settings it cannot use", () => {
  it("names every fault at once and none of the values, and does not start", async () => {
    const secret = "change-me-please-change-me-please";
    const env = {
      NODE_ENV: "production",
      APP_SECRET: secret,
      PORT: "70000",
      LIMITS_SCALE: "1000",
      DATABASE_URL: "mysql://root:hunter2@db/x",
    };
    const error = await startServer(env).catch((found: unknown) => found as Error);
    const words = error instanceof Error ? error.message : "";
    for (const name of ["APP_SECRET", "PUBLIC_URL", "PORT", "LIMITS_SCALE", "DATABASE_URL"]) expect(words).toContain(name);
    for (const value of [secret, "hunter2", "70000"]) expect(words).not.toContain(value);
  });
});
