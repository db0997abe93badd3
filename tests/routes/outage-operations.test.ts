import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { prefixOf } from "../../services/contacts/contact-normalization.ts";
import { type Operation, type OperationName, operations } from "../../utils/contract/operations/index.ts";
import { phoneVerification } from "../../utils/contract/schemas/accounts.ts";
import { passwordOperations } from "../../utils/contract/timeouts.ts";
import { type App, bootApp } from "../support/app.ts";
import { type Answer, createRest } from "../support/client.ts";
import { expectError } from "../support/expect.ts";
import { confirmCode } from "../support/fakes/phones.ts";
import { databaseForFile } from "../support/for-file.ts";
import { createGate, type Gate } from "../support/gate.ts";
import { cast, type Scene, setScene, type Who } from "./matrix/cast.ts";
import { operationCases } from "./matrix/operations.ts";

let gate: Gate;
let app: App;

const database = await databaseForFile();

beforeAll(async () => {
  gate = await createGate(database.url);
  app = await bootApp({ database: gate.url });
});

beforeEach(async () => {
  gate.open();
  await expect.poll(() => app.services.db.user.count().catch(() => null)).not.toBeNull();
});

afterAll(async () => {
  gate.open();
  await app.close();
  await gate.close();
});

const all = Object.entries<Operation>(operations) as [OperationName, Operation][];

type Prepared = { readonly name: OperationName; readonly scene: Scene; readonly call: () => Promise<Answer> };

const NOT_SERVED: readonly string[] = ["unauthenticated", "forbidden", "account_required", "already_member", "banned"];

/** Returns a caller for whom the operation succeeds, or else one who gets an error about the request. */
function servedBy(name: OperationName): Who {
  const { results } = operationCases[name];
  const order = ["member", "admin", "guest", ...cast] as const;
  return order.find((who) => results[who] === "ok") ?? order.find((who) => !NOT_SERVED.includes(results[who])) ?? "member";
}

const filled = (path: string, params: Record<string, string>): string => path.replace(/:(\w+)/g, (_, key: string) => params[key] ?? key);

async function prepare(name: OperationName, { method, path, caller }: Operation): Promise<Prepared> {
  const scene = await setScene(app, servedBy(name));
  const { params = {}, query = {}, body } = operationCases[name].ask?.(scene) ?? {};
  const rest = createRest(app.url);
  const csrfToken = await rest.csrf();
  // Callers who end their session send its token; others who need no token send none, so that nothing precedes the operation itself.
  if (caller === "bearer" || name.startsWith("signOut")) rest.token = scene.caller?.token ?? null;
  else rest.cookies.set("refresh_token", "x".repeat(43));
  const address = `${filled(path, params)}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ""}`;
  const options = { headers: { "x-csrf-token": csrfToken }, ...(body !== undefined && { json: body }) };
  return { name, scene, call: () => rest.call(method.toUpperCase(), address, options) };
}

type Answered = { readonly name: OperationName; readonly answer: Answer };

/** Calls all operations concurrently, with the callers' sessions already cached by the server. */
async function askAll(prepared: readonly Prepared[], fault: () => Promise<void>): Promise<Answered[]> {
  const sessions = prepared.flatMap(({ scene }) => (scene.caller === null ? [] : [scene.caller.sessionId]));
  await Promise.all(sessions.map((sessionId) => app.services.sessions.actorOf(sessionId)));
  await fault();
  return Promise.all(prepared.map(async ({ name, call }) => ({ name, answer: await call() })));
}

const prepareAll = async (): Promise<Prepared[]> => {
  const prepared: Prepared[] = [];
  for (const [name, operation] of all) prepared.push(await prepare(name, operation));
  return prepared;
};

/** Checks that every response, except those of some operations, is `unavailable` with a retry time, and that none is an internal error. */
function expectUnavailable(answered: readonly Answered[], mayAnswer: ReadonlySet<OperationName>): void {
  const isUnavailable = ({ answer }: Answered): boolean => answer.status === 503;
  for (const { answer } of answered.filter(isUnavailable)) expectError(answer, 503, "unavailable");
  const others = answered.filter((one) => !isUnavailable(one));
  const wrong = others.filter(({ name, answer }) => answer.status >= 500 || !mayAnswer.has(name));
  expect(wrong.map(({ name, answer }) => `${name}: ${answer.status}`)).toEqual([]);
  expect(app.log.filter((line) => line.includes("request failed"))).toEqual([]);
}

/** These respond from memory; a password reset does its work after the response, so that the response reveals nothing about accounts. */
const WITHOUT_DATABASE = new Set<OperationName>(["getCsrfToken", "getSignUpRules", "heartbeat", "requestPasswordReset"]);

/** These only read, or respond to the request before they write. */
const WITHOUT_WRITING = new Set<OperationName>([
  ...WITHOUT_DATABASE,
  // The requested code does not exist.
  "confirmPhoneCode",
  ...all.filter(([, { method }]) => method === "get").map(([name]) => name),
]);

describe.each(["shut", "hang"] as const)("database outage (%s)", (how) => {
  it("makes every operation that needs the database respond with unavailable, and none with internal", async () => {
    const prepared = await prepareAll();
    const answered = await askAll(prepared, async () => gate[how]());
    expectUnavailable(answered, WITHOUT_DATABASE);
  });
});

describe("exhausted connection pool", () => {
  it("makes every operation that needs a connection respond with unavailable, and none with internal", async () => {
    const prepared = await prepareAll();
    const held: pg.PoolClient[] = [];
    const answered = await askAll(prepared, async () => {
      const { pool, reservedPool } = app.services;
      const all = [pool, reservedPool].flatMap((one) => Array<pg.Pool>(one.options.max).fill(one));
      const pools = [...all, ...Array<pg.Pool>(2).fill(app.writePool)];
      held.push(...(await Promise.all(pools.map((pool) => pool.connect()))));
    });
    for (const client of held) client.release();
    expectUnavailable(answered, WITHOUT_DATABASE);
  });
});

describe("tables locked by another transaction", () => {
  it("make every operation that writes respond with unavailable, and none with internal", async () => {
    const prepared = await prepareAll();
    const locker = await database.pool.connect();
    const { rows } = await locker.query<{ list: string }>(
      "SELECT string_agg(format('%I', tablename), ', ') AS list FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'",
    );
    await locker.query(`BEGIN; LOCK TABLE ${rows[0]?.list} IN EXCLUSIVE MODE`);
    const answered = await askAll(prepared, async () => undefined);
    await locker.query("ROLLBACK");
    locker.release();
    expectUnavailable(answered, WITHOUT_WRITING);
  });
});

describe("locked phone number prefix", () => {
  it("makes a request for a code respond with unavailable", async () => {
    const locker = await database.pool.connect();
    await locker.query("BEGIN");
    const lock = "SELECT pg_advisory_xact_lock(hashtextextended('phone prefix ' || $1, 0))";
    await locker.query(lock, [prefixOf("+4915112000000")]);
    const { call } = await prepare("requestPhoneCode", operations.requestPhoneCode);
    const answer = await call();
    await locker.query("ROLLBACK");
    locker.release();
    expectError(answer, 503, "unavailable");
    expect((await (await prepare("requestPhoneCode", operations.requestPhoneCode)).call()).status).toBe(202);
  });
});

describe("locked attempt counters of phone codes", () => {
  it("make an attempt respond with unavailable, without counting it", async () => {
    const { call } = await prepare("requestPhoneCode", operations.requestPhoneCode);
    const { verificationId } = phoneVerification.parse((await call()).body);
    const row = await database.db.phoneVerification.findUniqueOrThrow({ where: { id: verificationId } });
    const locker = await database.pool.connect();
    await locker.query("BEGIN; LOCK TABLE phone_code_tries IN EXCLUSIVE MODE");
    const { status, body } = await confirmCode(app, verificationId, "000000");
    await locker.query("ROLLBACK");
    locker.release();
    expect([status, body.code]).toEqual([503, "unavailable"]);
    expect(await database.db.phoneCodeTries.findMany({ where: { blindIndex: row.blindIndex } })).toEqual([]);
  });
});

describe("password hashing unavailable", () => {
  it("makes exactly those operations respond with unavailable whose timeout allows for waiting", async () => {
    const prepared = await prepareAll();
    await app.services.passwords.close();
    const answered: Answered[] = [];
    // Call the operations one by one: nothing waits here, and locks of concurrent calls would cause other unavailable responses.
    for (const { name, call } of prepared) answered.push({ name, answer: await call() });
    const waiting = answered.filter(({ answer }) => answer.status === 503);
    for (const { name, answer } of waiting) expect(expectError(answer, 503, "unavailable").retryAfterMs, name).toBe(2_000);
    expect(waiting.map(({ name }) => name).sort()).toEqual([...passwordOperations].sort());
  });
});
