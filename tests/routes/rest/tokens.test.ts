import { beforeAll, describe, expect, it } from "vitest";
import { type Operation, operations } from "../../../utils/contract/operations/index.ts";
import { newId } from "../../../utils/ids.ts";
import { createRest, type Rest, send } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { expectError } from "../../support/expect.ts";
import { makeGuest, makeRoom, makeSession, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { badTokens } from "../../support/tokens.ts";

const clock = movableClock();
const guarded = Object.entries<Operation>(operations).filter(([, { caller }]) => caller === "bearer");

let ann: Person;
let roomId: string;

const { app, database } = await appForFile({ now: clock.now });

beforeAll(async () => {
  ann = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

const as = (token: string | null): Rest => Object.assign(createRest(app.url), { token });

const pathOf = ({ path }: Operation): string =>
  path.replace(":roomId", roomId).replace(":sessionId", newId()).replace(":loungeId", newId());

/** Returns a body that the endpoint accepts from an authenticated caller. */
const bodyOf = (name: string): unknown =>
  ({ sendMessage: { clientMessageId: newId(), text: "hello" }, heartbeat: { status: "online" } })[name];

const callEndpoint = ([name, operation]: [string, Operation], token: string | null) =>
  as(token).call(operation.method.toUpperCase(), pathOf(operation), { ...(operation.method === "get" ? {} : { json: bodyOf(name) }) });

describe.each(guarded)("%s", (...endpoint) => {
  it("accepts a valid token, and rejects invalid ones and none", async () => {
    expectError(await callEndpoint(endpoint, null), 401, "unauthenticated");
    for (const [fault, token] of badTokens(app, ann)) {
      const answer = await callEndpoint(endpoint, token);
      const code = { "its time over": "token_expired", "an unknown session": "session_revoked" } as const;
      expectError(answer, 401, code[fault as keyof typeof code] ?? "unauthenticated");
    }
    expect(await storedMessages(database.pool, roomId)).toEqual([]);
    const { status } = await callEndpoint(endpoint, ann.token);
    expect(status).not.toBe(401);
    await database.pool.query("DELETE FROM messages WHERE room_id = $1", [roomId]);
  });
});

describe("token", () => {
  it.each(["token", "access_token", "accessToken", "jwt", "Authorization", "bearer", "token[]"])(
    "in the query parameter %s is rejected and never logged",
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
  ])("sent as %s is rejected", async (_, shape) => {
    expectError(await send(`${app.url}/api/auth/me`, "GET", { headers: { authorization: shape(ann.token) } }), 401, "unauthenticated");
  });

  it("in a cookie is ignored", async () => {
    expectError(
      await send(`${app.url}/api/auth/me`, "GET", { headers: { cookie: `token=${ann.token}; access_token=${ann.token}` } }),
      401,
      "unauthenticated",
    );
  });

  it("that is rejected is logged with the request id of the response, without the token", async () => {
    const token = badTokens(app, ann)[0]?.[1] ?? "";
    const { requestId } = expectError(await as(token).get("/api/auth/me"), 401, "unauthenticated");
    expect(app.log.filter((line) => line.includes(requestId) && line.includes("token rejected"))).toHaveLength(1);
    expect(app.log.join("\n")).not.toContain(token);
  });

  it("expires after 15 minutes, with a different error than a forged one", async () => {
    const eve = await makeGuest(app.services);
    expect((await as(eve.token).get("/api/auth/me")).status).toBe(200);
    clock.advance(15 * 60_000 + 1_000);
    expectError(await as(eve.token).get("/api/auth/me"), 401, "token_expired");
  });

  it("of a revoked session is rejected immediately, and that of another device is not", async () => {
    const bob = await makeGuest(app.services);
    const desk = await makeSession(app.services, bob);
    expect((await as(desk.token).get("/api/auth/me")).status).toBe(200);
    expect((await as(bob.token).call("DELETE", `/api/auth/sessions/${desk.sessionId}`)).status).toBe(204);
    expectError(await as(desk.token).get("/api/auth/me"), 401, "session_revoked");
    expect((await as(bob.token).get("/api/auth/me")).status).toBe(200);
  });
});

describe("session of another user", () => {
  it("responds like one that does not exist, and remains active", async () => {
    const bob = await makeGuest(app.services);
    const eve = await makeGuest(app.services);
    const real = await as(eve.token).call("DELETE", `/api/auth/sessions/${bob.sessionId}`);
    const unreal = await as(eve.token).call("DELETE", `/api/auth/sessions/${newId()}`);
    const one = expectError(real, 404, "not_found");
    const other = expectError(unreal, 404, "not_found");
    expect({ ...one, requestId: "" }).toEqual({ ...other, requestId: "" });
    expect((await as(bob.token).get("/api/auth/me")).status).toBe(200);
    expect((await as(eve.token).get("/api/auth/sessions")).text).not.toContain(bob.sessionId);
  });
});
