import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { newId } from "../../utils/ids.ts";
import { type App, bootApp } from "../support/app.ts";
import { type Answer, createRest, type Rest } from "../support/client.ts";
import { type TestDatabase, testDatabase } from "../support/database/db.ts";
import { makeGuest, makeRoom } from "../support/factories.ts";
import { type TestRedis, testRedis } from "../support/redis.ts";
import { connect, type Live } from "../support/sockets/sockets.ts";

const CALLS = 20;

type Ready = { status: string; parts: { redis: { ok: boolean; isDegraded: boolean; limitsAreShared: boolean } } };

let database: TestDatabase;
let redis: TestRedis;
let app: App;
let rest: Rest;
let live: Live;
let roomId: string;

const readRedis = async (): Promise<Answer<Ready>> => rest.get<Ready>("/health/ready");
let outageStart = 0;
/** Returns matching log entries since Redis was frozen, because Redis may have been slow before on a busy machine. */
const linesWith = (words: string): string[] => app.log.slice(outageStart).filter((line) => line.includes(words));

async function untilShared(expected: boolean): Promise<void> {
  await vi.waitUntil(async () => (await readRedis()).body.parts.redis.limitsAreShared === expected, { timeout: 30_000, interval: 100 });
}

beforeAll(async () => {
  [database, redis] = await Promise.all([testDatabase(), testRedis()]);
  app = await bootApp({ database: database.url, env: { REDIS_URL: redis.url } });
  const { token } = await makeGuest(app.services);
  roomId = await makeRoom(database);
  rest = Object.assign(createRest(app.url), { token });
  live = await connect(app.url, token);
  await live.command("join_room", { roomId });
  await untilShared(true);
});

afterAll(async () => {
  redis.thaw();
  live.close();
  await app.close();
  await redis.remove();
  await database.drop();
});

const all = <Result>(call: () => Promise<Result>): Promise<Result[]> => Promise.all(Array.from({ length: CALLS }, call));

async function expectNormalAnswers(): Promise<void> {
  const draft = () => ({ clientMessageId: newId(), text: "hello" });
  const [sent, posted, read, live2] = await Promise.all([
    all(() => live.ask("send_message", { roomId, ...draft() })),
    all(() => rest.post(`/api/chatroom/rooms/${roomId}/messages`, draft())),
    all(() => rest.get("/api/auth/me")),
    connect(app.url, rest.token),
  ]);
  live2.close();
  expect(sent.map(({ ok }) => ok)).toEqual(sent.map(() => true));
  expect(posted.map(({ status }) => status)).toEqual(posted.map(() => 201));
  expect(read.map(({ status }) => status)).toEqual(read.map(() => 200));
  // A caller without a session can get a CSRF token, which counts against the limit of the address.
  expect((await createRest(app.url).get("/api/auth/csrf")).status).toBe(200);
}

it("unresponsive Redis: commands, REST calls and new sockets work normally, and readiness reports the outage until Redis is back", async () => {
  await untilShared(true);
  outageStart = app.log.length;
  redis.freeze();
  await expectNormalAnswers();
  await expectNormalAnswers();
  await untilShared(false);
  const degraded = await readRedis();
  expect([degraded.status, degraded.body.status]).toEqual([200, "degraded"]);
  expect(degraded.body.parts.redis).toEqual({ ok: true, isDegraded: true, limitsAreShared: false });
  expect(linesWith("Redis is unavailable")).toHaveLength(1);

  redis.thaw();
  await untilShared(true);
  expect((await readRedis()).body.status).toBe("ready");
  const [back] = linesWith("Redis is available again");
  const localDecisions = Number(/localDecisions\W+(\d+)/.exec(back ?? "")?.[1]);
  // Some of the first calls had already sent a request to Redis; every call was decided locally after its timeout.
  expect(localDecisions).toBeGreaterThanOrEqual(6 * CALLS);
  await expectNormalAnswers();
  expect(linesWith("Redis is unavailable")).toHaveLength(1);
  expect(linesWith("Redis is available again")).toHaveLength(1);
  expect(linesWith("the database became unreachable")).toEqual([]);
});
