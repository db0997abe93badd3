import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { issueAccessToken } from "../../../services/auth/tokens/access-token.ts";
import { bootApp } from "../../support/app.ts";
import { createRest, send } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { expectProblem } from "../../support/expect.ts";
import { makeGuest, makeSession, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type LiveOptions, type RejectedError } from "../../support/sockets/sockets.ts";
import { openWire, rejectedWire } from "../../support/sockets/wire.ts";
import { badTokens } from "../../support/tokens.ts";

const ALLOWED = "https://partner.example";
const clock = movableClock();

let ann: Person;

const { app, database } = await appForFile({ env: { CORS_ORIGINS: ALLOWED }, handshakeMs: 400, now: clock.now });

beforeAll(async () => {
  ann = await makeGuest(app.services);
});

const connectError = async (token: unknown, options?: LiveOptions, url = app.url) => {
  const error = await connect(url, token, options).then(
    (live) => {
      live.close();
      return null;
    },
    (found: unknown) => found as RejectedError,
  );
  return error?.problem;
};

describe("socket connection", () => {
  it.each(["websocket", "polling"] as const)("over %s accepts a valid token and rejects invalid ones", async (transport) => {
    const options = { transports: [transport] };
    for (const [fault, token] of badTokens(app, ann)) {
      const code = { "its time over": "token_expired", "an unknown session": "session_revoked" } as const;
      expectProblem(await connectError(token, options), code[fault as keyof typeof code] ?? "unauthenticated");
    }
    expect(await connectError(ann.token, options)).toBeUndefined();
  });

  it.each([undefined, null, "", 7, ["a"], { not: "" }, true])("with the token %j is rejected", async (token) => {
    expectProblem(await connectError(token), "unauthenticated");
  });

  it("is rejected with its token in the address, which may be logged", async () => {
    for (const name of ["token", "access_token", "accessToken"]) {
      const wire = await openWire(app.url, { query: `&${name}=${ann.token}` });
      wire.send(`40${JSON.stringify({ token: ann.token })}`);
      expect(await wire.next((frame) => frame.startsWith("4"))).toMatch(/^44.*unauthenticated/);
      wire.ws.terminate();
    }
    expect(app.log.join("\n")).not.toContain(ann.token.slice(-40));
  });

  it("upgrades from polling to WebSocket, and releases the handshake request", async () => {
    const live = await connect(app.url, ann.token, { transports: ["polling", "websocket"] });
    await expect.poll(() => live.socket.io.engine.transport.name).toBe("websocket");
    expect(await live.command("heartbeat", { status: "online" })).toMatchObject({ status: "online" });
    const kept = app.io.sockets.sockets.get(live.socket.id ?? "");
    expect(kept?.request).toBeNull();
    expect(inspect(kept?.handshake)).not.toContain(ann.token);
    live.close();
  });

  it("is rejected in the language of its caller", async () => {
    expect((await connectError("x", { headers: { "accept-language": "ja" } }))?.detail).toBe(
      "ゲストとして参加するか、サインインしてください。",
    );
  });

  it("of a revoked session is rejected", async () => {
    const eve = await makeGuest(app.services);
    const desk = await makeSession(app.services, eve);
    const rest = Object.assign(createRest(app.url), { token: eve.token });
    expect((await rest.call("DELETE", `/api/auth/sessions/${desk.sessionId}`)).status).toBe(204);
    expectProblem(await connectError(desk.token), "session_revoked");
    expect(await connectError(eve.token)).toBeUndefined();
  });
});

describe("cross-origin page", () => {
  const foreign = () => [
    "https://evil.example",
    "null",
    "https://partner.example.evil.example",
    "https://evilpartner.example",
    "http://partner.example",
    `${app.url}.evil.example`,
    `${app.url}0`,
    app.url.replace("127.0.0.1", "localhost"),
    "file://",
    "",
  ];

  it("is rejected over polling and over WebSocket, before any token is checked", async () => {
    for (const origin of foreign()) {
      expect(await rejectedWire(app.url, { headers: { origin } })).toBe(400);
      const polled = await send(`${app.url}/socket.io/?EIO=4&transport=polling`, "GET", { headers: { origin } });
      expect(polled.status).toBe(403);
      expect(polled.text).not.toContain("sid");
    }
  });

  it("without an origin is recognized by the fetch metadata", async () => {
    for (const site of ["cross-site", "same-site"]) {
      expect(await rejectedWire(app.url, { headers: { "sec-fetch-site": site } })).toBe(400);
    }
    (await openWire(app.url, { headers: { "sec-fetch-site": "same-origin" } })).ws.terminate();
  });

  it("cannot be disguised by another Host header", async () => {
    expect(await rejectedWire(app.url, { headers: { origin: "https://evil.example", host: "evil.example:1" } })).toBe(400);
  });

  it("check accepts our own origin, origins allowed by the operator, and programs without one", async () => {
    for (const headers of [{ origin: app.url }, { origin: ALLOWED }, {}]) (await openWire(app.url, { headers })).ws.terminate();
  });
});

describe("connection without a token", () => {
  it("is closed after the timeout, and one with a token is not", async () => {
    const idle = await openWire(app.url);
    const garbled = await openWire(app.url);
    garbled.send("40/admin,");
    const live = await connect(app.url, ann.token);
    const startedAt = performance.now();
    await Promise.all([idle.closed, garbled.closed]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    live.close();
  });

  it("has a default timeout of 10 s", async () => {
    const { io, close } = await bootApp({ database: database.url });
    expect(io.connectTimeout()).toBe(10_000);
    await close();
  });
});

describe("connection limits", () => {
  it("bound the sockets of one user, and free a slot when one closes", async () => {
    const capped = await bootApp({ database: database.url, limitsScale: 1 });
    const eve = await makeGuest(capped.services);
    const open = await Promise.all(Array.from({ length: 20 }, () => connect(capped.url, eve.token)));
    const problem = expectProblem(await connectError(eve.token, {}, capped.url), "too_many_connections");
    expect(problem.retryAfterMs).toBeGreaterThan(0);
    expect(await connectError((await makeGuest(capped.services)).token, {}, capped.url)).toBeUndefined();
    open.pop()?.close();
    while ((await connectError(eve.token, {}, capped.url)) !== undefined) await pause(10);
    await capped.close();
  });

  it("bound the handshakes of one address, with a retry time", async () => {
    const capped = await bootApp({ database: database.url, limitsScale: 1 });
    const problems = await Promise.all(Array.from({ length: 121 }, () => connectError("x", {}, capped.url)));
    const codes = problems.map((problem) => problem?.code);
    expect(codes.filter((code) => code === "unauthenticated")).toHaveLength(120);
    const limited = problems.find((problem) => problem?.code === "rate_limited");
    expect(limited?.retryAfterMs).toBeGreaterThan(0);
    await capped.close();
  });

  it("bound the connections of one address, with or without a token", async () => {
    const capped = await bootApp({ database: database.url, limitsScale: 1 });
    const wires = await Promise.all(Array.from({ length: 400 }, () => openWire(capped.url)));
    const beyond = await openWire(capped.url);
    expect(await beyond.closed).toBeGreaterThan(0);
    wires[0]?.ws.terminate();
    await wires[0]?.closed;
    for (;;) {
      const next = await openWire(capped.url);
      const isOpen = await Promise.race([next.closed.then(() => false), pause(50).then(() => true)]);
      if (isOpen) break;
    }
    for (const wire of wires) wire.ws.terminate();
    await capped.close();
  });
});

describe("access token of a socket", () => {
  it("disconnects the socket with the reason on expiry, unless it was renewed in time", async () => {
    const bob = await makeGuest(app.services);
    const kept = await connect(app.url, bob.token);
    const ended = await connect(app.url, bob.token);
    clock.advance(10 * 60_000);
    const renewed = makeFresh(bob);
    expect(await kept.ask("renew_token", { token: renewed })).toEqual({ ok: true, data: {} });
    clock.advance(5 * 60_000 + 1_000);
    expectProblem(await ended.nextEvent("session_ended"), "token_expired");
    expect(await ended.ended()).toBe("io server disconnect");
    expect((await kept.ask("heartbeat", { status: "online" })).ok).toBe(true);
    kept.close();
  });

  it("cannot be renewed with that of another user or device, or with an invalid one", async () => {
    const bob = await makeGuest(app.services);
    const eve = await makeGuest(app.services);
    const desk = await makeSession(app.services, bob);
    const live = await connect(app.url, bob.token);
    for (const token of [eve.token, desk.token, ...badTokens(app, bob).map(([, bad]) => bad)]) {
      const answer = await live.ask("renew_token", { token });
      expect(answer.ok).toBe(false);
      if (!answer.ok) expect(["unauthenticated", "token_expired", "invalid_input"]).toContain(answer.error.code);
    }
    clock.advance(15 * 60_000 + 1_000);
    expectProblem(await live.nextEvent("session_ended"), "token_expired");
  });
});

/** Returns a new access token of the same session, as a refresh issues it. */
function makeFresh({ id, sessionId, actor }: Person): string {
  return issueAccessToken(app.services.keys, { sub: id, sid: sessionId, kind: actor.kind }, app.services.now());
}
