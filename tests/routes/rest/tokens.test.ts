import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Operation, operations } from "../../../utils/contract/operations/index.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { createRest, type Rest, send } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { expectError } from "../../support/expect.ts";
import { makeGuest, makeRoom, makeSession, type Person, storedMessages } from "../../support/factories.ts";
import { badTokens } from "../../support/tokens.ts";

const clock = movableClock();
const guarded = Object.entries<Operation>(operations).filter(([, { caller }]) => caller === "bearer");

let database: TestDatabase;
let app: App;
let ann: Person;
let roomId: string;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url, now: clock.now });
  ann = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const as = (token: string | null): Rest => Object.assign(createRest(app.url), { token });

const pathOf = ({ path }: Operation): string =>
  path.replace(":roomId", roomId).replace(":sessionId", newId()).replace(":loungeId", newId());

/** A body that the door would take from somebody it knows. */
const bodyOf = (name: string): unknown =>
  ({ sendMessage: { clientMessageId: newId(), text: "hello" }, heartbeat: { status: "online" } })[name];

const knock = ([name, operation]: [string, Operation], token: string | null) =>
  as(token).call(operation.method.toUpperCase(), pathOf(operation), { ...(operation.method === "get" ? {} : { json: bodyOf(name) }) });

describe.each(guarded)("%s", (...door) => {
  it("opens to a good token, and to none of the bad ones, nor to none at all", async () => {
    expectError(await knock(door, null), 401, "unauthenticated");
    for (const [fault, token] of badTokens(app, ann)) {
      const answer = await knock(door, token);
      const code = { "its time over": "token_expired", "an unknown session": "session_revoked" } as const;
      expectError(answer, 401, code[fault as keyof typeof code] ?? "unauthenticated");
    }
    expect(await storedMessages(database.pool, roomId)).toEqual([]);
    const { status } = await knock(door, ann.token);
    expect(status).not.toBe(401);
    await database.pool.query("DELETE FROM messages WHERE room_id = $1", [roomId]);
  });
});

describe("a token", () => {
  it.each(["token", "access_token", "accessToken", "jwt", "Authorization", "bearer", "token[]"])(
    "in the address as %s is refused and never logged",
    async (name) => {
      const answer = await as(null).get(`/api/auth/me?${name}=${ann.token}`);
      expectError(answer, 401, "unauthenticated");
      expectError(await as(ann.token).get(`/api/auth/me?${name}=${ann.token}`), 401, "unauthenticated");
      expect(app.log.join("\n")).not.toContain(ann.token.slice(-40));
    },
  );

  it.each([
    ["Basic", (token: string) => `Basic ${token}`],
    ["no scheme", (token: string) => token],
    ["two tokens", (token: string) => `Bearer ${token}, Bearer ${token}`],
  ])("sent as %s is refused", async (_, shape) => {
    expectError(await send(`${app.url}/api/auth/me`, "GET", { headers: { authorization: shape(ann.token) } }), 401, "unauthenticated");
  });

  it("in a cookie opens nothing", async () => {
    expectError(
      await send(`${app.url}/api/auth/me`, "GET", { headers: { cookie: `token=${ann.token}; access_token=${ann.token}` } }),
      401,
      "unauthenticated",
    );
  });

  it("that is refused is told in the log with the id of the answer, without the token", async () => {
    const token = badTokens(app, ann)[0]?.[1] ?? "";
    const { requestId } = expectError(await as(token).get("/api/auth/me"), 401, "unauthenticated");
    expect(app.log.filter((line) => line.includes(requestId) && line.includes("refused"))).toHaveLength(1);
    expect(app.log.join("\n")).not.toContain(token);
  });

  it("ends with its 15 minutes, and that is told apart from a forged one", async () => {
    const eve = await makeGuest(app.services);
    expect((await as(eve.token).get("/api/auth/me")).status).toBe(200);
    clock.advance(15 * 60_000 + 1_000);
    expectError(await as(eve.token).get("/api/auth/me"), 401, "token_expired");
  });

  it("of an ended session is refused at once, and that of another device is not", async () => {
    const bob = await makeGuest(app.services);
    const desk = await makeSession(app.services, bob);
    expect((await as(desk.token).get("/api/auth/me")).status).toBe(200);
    expect((await as(bob.token).call("DELETE", `/api/auth/sessions/${desk.sessionId}`)).status).toBe(204);
    expectError(await as(desk.token).get("/api/auth/me"), 401, "session_revoked");
    expect((await as(bob.token).get("/api/auth/me")).status).toBe(200);
  });
});

describe("somebody else's session", () => {
  it("answers as one that does not exist, and goes on", async () => {
    const [bob, eve] = [await makeGuest(app.services), await makeGuest(app.services)];
    const [real, unreal] = [
      await as(eve.token).call("DELETE", `/api/auth/sessions/${bob.sessionId}`),
      await as(eve.token).call("DELETE", `/api/auth/sessions/${newId()}`),
    ];
    const [one, other] = [expectError(real, 404, "not_found"), expectError(unreal, 404, "not_found")];
    expect({ ...one, requestId: "" }).toEqual({ ...other, requestId: "" });
    expect((await as(bob.token).get("/api/auth/me")).status).toBe(200);
    expect((await as(eve.token).get("/api/auth/sessions")).text).not.toContain(bob.sessionId);
  });
});
