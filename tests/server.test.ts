import { Agent } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "../utils/ids.ts";
import { unavailableDetails } from "../utils/text/unavailable-details.ts";
import { type App, bootApp, TEST_SECRETS } from "./support/app.ts";
import { type Answer, createRest, send } from "./support/client.ts";
import { lastSeqOf, makeGuest, makeRoom, type Person, storedMessages } from "./support/factories.ts";
import { databaseForFile } from "./support/for-file.ts";
import { startServer } from "./support/process.ts";
import { connect } from "./support/sockets/sockets.ts";
import { askWire, enterWire } from "./support/sockets/wire.ts";

let beside: App;
let ann: Person;
let roomId: string;

const database = await databaseForFile();

beforeAll(async () => {
  beside = await bootApp({ database: database.url });
  ann = await makeGuest(beside.services);
  roomId = await makeRoom(beside.services);
});

afterAll(async () => {
  await beside.close();
});

/** The outcome of a request that was in progress or begun while the server stops: its status, or the error of its connection. */
type Outcome = { readonly status: number; readonly body: unknown } | { readonly error: string };

const outcomeOf = (call: Promise<Answer>): Promise<Outcome> =>
  call.then(
    ({ status, body }) => ({ status, body }),
    (error: unknown) => ({ error: String(error) }),
  );

/** Sends messages over one keep-alive connection, each as soon as the last one is answered, until the server closes it. */
async function keepSending(url: string, token: string): Promise<Outcome[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const outcomes: Outcome[] = [];
  let isClosing = false;
  while (!isClosing) {
    const call = send(`${url}/api/chatroom/rooms/${roomId}/messages`, "POST", {
      agent,
      headers: { authorization: `Bearer ${token}` },
      json: { clientMessageId: newId(), text: "over REST" },
    });
    outcomes.push(await outcomeOf(call));
    isClosing = await call.then(
      ({ headers }) => headers.connection === "close",
      () => true,
    );
  }
  agent.destroy();
  return outcomes;
}

/** Starts to sign up, which is the server's slowest request: the password is hashed at its full cost. */
async function beginSignUp(url: string, username: string): Promise<() => Promise<Outcome>> {
  const rest = createRest(url);
  const csrf = await rest.csrf();
  return () =>
    outcomeOf(rest.post("/api/auth/signup", { username, password: `of ${username} alone` }, { headers: { "x-csrf-token": csrf } }));
}

const withStatus = (outcomes: readonly Outcome[], status: number): unknown[] =>
  outcomes.flatMap((outcome) => ("status" in outcome && outcome.status === status ? [outcome.body] : []));

describe("a server that receives SIGTERM", () => {
  it("answers every command and request it accepted, loses nothing it acknowledged, and exits well within 10 s, even with a client that reads nothing", async () => {
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS, NODE_ENV: "development" });
    const live = await connect(server.url, ann.token);
    const sleeper = await enterWire(server.url, ann.token);
    await askWire(sleeper, 1, ["join_room", { roomId }]);
    sleeper.ws.pause();
    const names = Array.from({ length: 8 }, () => `stopper_${newId().slice(-12)}`);
    const signUps = await Promise.all(names.map((name) => beginSignUp(server.url, name)));
    const senders = Array.from({ length: 10 }, () => keepSending(server.url, ann.token));
    const [first, ...others] = signUps.map((begin) => begin());
    const answers = Array.from({ length: 200 }, () => live.ask("send_message", { roomId, clientMessageId: newId(), text: "under way" }));
    // Now all of it is in progress: the passwords are hashed two at a time.
    await Promise.all([answers[0], first]);
    const stoppedAt = performance.now();
    const ending = server.end("SIGTERM");
    expect(await live.nextEvent("server_draining")).toEqual({ reconnectAfterMs: expect.any(Number) as number });
    const late = await send(`${server.url}/api/chatroom/lounges`, "GET", { headers: { "accept-language": "de" } });
    expect(late).toMatchObject({ status: 503, headers: { "retry-after": "1" }, body: { code: "unavailable" } });
    expect((late.body as { detail: string }).detail).toBe(unavailableDetails.de.stopping);
    const settled = await Promise.all(answers.map((answer) => answer.catch(() => null)));
    const sent = (await Promise.all(senders)).flat();
    const signedUp = await Promise.all([first, ...others] as Promise<Outcome>[]);
    expect(await ending).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(10_000);

    for (const outcome of [...sent, ...signedUp]) expect(outcome).toMatchObject({ status: expect.toBeOneOf([201, 503]) as number });
    for (const body of [...withStatus(sent, 503), ...withStatus(signedUp, 503)])
      expect(body).toMatchObject({ code: "unavailable", detail: unavailableDetails.en.stopping });
    for (const answer of settled)
      if (answer?.ok !== true) expect(answer?.error).toMatchObject({ code: "unavailable", detail: unavailableDetails.en.stopping });
    const acknowledged = settled.flatMap((answer) => (answer?.ok ? [answer.data.message.id] : []));
    const created = withStatus(sent, 201).map((body) => (body as { id: string }).id);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(created.length).toBeGreaterThan(0);
    const stored = (await storedMessages(database.pool, roomId)).map((row) => row.id);
    for (const id of [...acknowledged, ...created]) expect(stored).toContain(id);
    expect(await lastSeqOf(database.pool, roomId)).toBe(stored.length);
    const { rowCount } = await database.pool.query("SELECT FROM users WHERE username = ANY($1)", [names]);
    expect(rowCount).toBe(withStatus(signedUp, 201).length);
    expect(rowCount).toBeGreaterThan(0);
    expect(server.log.filter((line) => /\b(warn|error)\b|^\s+at |database became unreachable/.test(line))).toEqual([]);
    sleeper.ws.terminate();
  }, 60_000);

  it("exits at once when no client is connected", async () => {
    const server = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
    const stoppedAt = performance.now();
    expect(await server.end("SIGTERM")).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
  }, 40_000);
});

describe("a server with invalid settings", () => {
  it("reports every error at once and none of the values, and does not start", async () => {
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
