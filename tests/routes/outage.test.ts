import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../utils/contract/errors.ts";
import { newId } from "../../utils/ids.ts";
import { type App, bootApp } from "../support/app.ts";
import { createRest, type Rest } from "../support/client.ts";
import { expectError, expectProblem } from "../support/expect.ts";
import { makeGuest, makeRoom, type Person, storedMessages } from "../support/factories.ts";
import { databaseForFile } from "../support/for-file.ts";
import { createGate, type Gate } from "../support/gate.ts";
import { createReader, type Reader } from "../support/sockets/reader.ts";
import { connect, RejectedError } from "../support/sockets/sockets.ts";

let gate: Gate;
let app: App;
let [ann, bob]: Person[] = [];
let roomId: string;
let reader: Reader;
let rest: Rest;

const database = await databaseForFile();

beforeAll(async () => {
  gate = await createGate(database.url);
  app = await bootApp({ database: gate.url });
});

const linesWith = (words: string): string[] => app.log.filter((line) => line.includes(words));

beforeEach(async () => {
  gate.open();
  await app.services.pool.query("SELECT 1").catch(() => undefined);
  // Wait until the log shows the end of the previous test's outage.
  await expect.poll(() => linesWith("the database is reachable again").length).toBe(linesWith("the database became unreachable").length);
  const issuer = { ...app.services, db: database.db };
  [ann, bob] = [await makeGuest(issuer), await makeGuest(issuer)];
  roomId = await makeRoom(database);
  reader = createReader(app.url, ann?.token ?? "", roomId);
  await reader.join();
  rest = Object.assign(createRest(app.url), { token: bob?.token ?? null });
});

afterAll(async () => {
  gate.open();
  await app.close();
  await gate.close();
});

type Sent = { clientMessageId: string; text: string };
const drafts = (length: number): Sent[] => Array.from({ length }, (_, at) => ({ clientMessageId: newId(), text: `text ${at}` }));

/** Alternates between REST and socket; returns the error code, or null for an acknowledged message. */
async function send(at: number, draft: Sent): Promise<ErrorCode | null> {
  if (at % 2 === 0) {
    const answer = await reader.live().ask("send_message", { roomId, ...draft });
    if (!answer.ok) expectProblem(answer.error, answer.error.code);
    return answer.ok ? null : answer.error.code;
  }
  const answer = await rest.post(`/api/chatroom/rooms/${roomId}/messages`, draft);
  return answer.status === 201 ? null : expectError(answer, 503, "unavailable").code;
}

/** Checks that every message exists once, and that the reader has exactly the messages of the database. */
async function expectEachOnce(sent: readonly Sent[]): Promise<void> {
  const stored = await storedMessages(database.pool, roomId);
  expect(stored.map((row) => row.seq)).toEqual(Array.from({ length: stored.length }, (_, at) => at + 1));
  expect(stored.map((row) => row.client_message_id).sort()).toEqual(sent.map((draft) => draft.clientMessageId).sort());
  await reader.reach(stored.length);
  expect(reader.list().map(({ id, seq }) => [id, seq])).toEqual(stored.map(({ id, seq }) => [id, seq]));
  expect(reader.faults).toEqual([]);
}

/** Waits until an endpoint works again, and returns how long that took. */
async function recovery(works: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  while (!(await works())) await pause(50);
  return performance.now() - startedAt;
}

describe.each(["shut", "hang"] as const)("database outage (%s)", (how) => {
  it("makes REST and socket respond with unavailable within 5 s, publishes nothing uncommitted, and loses nothing", async () => {
    const before = drafts(4);
    const during = drafts(6);
    expect(await Promise.all(before.map((draft, at) => send(at, draft)))).toEqual(before.map(() => null));
    await reader.reach(4);
    gate[how]();
    const startedAt = performance.now();
    const codes = await Promise.all(during.map((draft, at) => send(at, draft)));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(codes).toEqual(during.map(() => "unavailable"));
    expect(reader.list().length).toBe(4);

    gate.open();
    const tookMs = await recovery(async () => (await send(0, during[0] as Sent)) === null);
    expect(tookMs).toBeLessThan(5_000);
    await Promise.all(during.map((draft, at) => send(at, draft)));
    await expectEachOnce([...before, ...during]);
    reader.drop();
  });

  it("reading, joining and connecting: respond with unavailable, and the outage is logged at its start and at its end", async () => {
    const awayBefore = linesWith("the database became unreachable").length;
    const backBefore = linesWith("the database is reachable again").length;
    gate[how]();
    await pause(600);
    const startedAt = performance.now();
    const paths = [
      "/api/chatroom/lounges",
      "/api/auth/me",
      "/api/auth/sessions",
      `/api/chatroom/rooms/${roomId}`,
      `/api/chatroom/rooms/${roomId}/messages`,
      `/api/chatroom/rooms/${roomId}/members`,
    ];
    const [answers, joined, connectResult] = await Promise.all([
      Promise.all(paths.map((path) => rest.get(path))),
      reader.live().ask("join_room", { roomId: newId() }),
      connect(app.url, bob?.token).catch((error: unknown) => error),
    ]);
    for (const answer of answers) expectError(answer, 503, "unavailable");
    expect(joined).toMatchObject({ ok: false, error: { code: "unavailable", retryAfterMs: expect.any(Number) as number } });
    expect(connectResult).toBeInstanceOf(RejectedError);
    expectProblem((connectResult as RejectedError).problem, "unavailable");
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect((await rest.get("/health")).status).toBe(200);
    gate.open();
    expect(await recovery(async () => (await rest.get("/api/auth/me")).status === 200)).toBeLessThan(5_000);
    await expect.poll(() => linesWith("the database is reachable again").length).toBe(backBefore + 1);
    expect(linesWith("the database became unreachable")).toHaveLength(awayBefore + 1);
    const unavailableAnswers = Number(/unavailableAnswers\W+(\d+)/.exec(linesWith("the database is reachable again").at(-1) ?? "")?.[1]);
    expect(unavailableAnswers).toBeGreaterThanOrEqual(paths.length + 1);
    reader.drop();
  });
});

describe("connections that break while messages are being sent", () => {
  it("leave each message stored once, whatever the response was", async () => {
    const all = drafts(300);
    const sending = Promise.all(
      all.map(async (draft, at) => {
        await pause(at);
        return send(at, draft);
      }),
    );
    for (let cut = 0; cut < 3; cut += 1) {
      await pause(70);
      await database.pool.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'chatroom' AND query LIKE '%draft%'",
      );
      gate.shut();
      gate.open();
    }
    const codes = await sending;
    expect(codes.every((code) => code === null || code === "unavailable")).toBe(true);
    const left = all.map((draft, at) => ({ draft, at }));
    await recovery(async () => (await send(0, all[0] as Sent)) === null);
    await Promise.all(left.map(({ draft, at }) => send(at, draft)));
    await expectEachOnce(all);
    reader.drop();
  });
});
