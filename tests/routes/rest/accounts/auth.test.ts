import { io as connect, type Socket } from "socket.io-client";
import { describe, expect, it } from "vitest";
import { problem } from "../../../../utils/contract/errors.ts";
import { device, me, session } from "../../../../utils/contract/schemas/auth.ts";
import { pageOf } from "../../../../utils/contract/schemas/primitives.ts";
import { bootApp } from "../../../support/app.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";

const { app: node, database } = await appForFile();

async function newGuest(displayName?: string) {
  const visitor = await new Visitor(node.url).open();
  const answer = await visitor.post("/api/auth/guest", displayName === undefined ? {} : { displayName });
  return { visitor, answer, accessToken: String(answer.body.accessToken), auth: bearer(answer.body.accessToken) };
}

const sessionOf = async (auth: Record<string, string>): Promise<string> =>
  String((await new Visitor(node.url).call("/api/auth/me", { headers: auth })).body.sessionId);

async function openSocket(token: string): Promise<Socket> {
  const socket = connect(node.url, { auth: { token }, transports: ["websocket"], reconnection: false });
  await new Promise<void>((resolve, reject) => socket.on("connect", resolve).on("connect_error", reject));
  return socket;
}

const counts = async () => ({
  users: await database.db.user.count(),
  sessions: await database.db.session.count({ where: { endedAt: null } }),
});

describe("creating a guest", () => {
  it("returns a session, with the refresh token in an HttpOnly, same-site cookie", async () => {
    const { answer } = await newGuest("  Anna   Lena ");
    expect(answer.status).toBe(201);
    expect(session.parse(answer.body)).toEqual(answer.body);
    expect(answer.body.user).toMatchObject({ displayName: "Anna Lena", kind: "guest", role: "guest", username: null });
    expect(answer.headers.get("location")).toBe("/api/auth/me");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const [token, device, ...others] = answer.headers.getSetCookie();
    expect(token).toMatch(/^refresh_token=[\w-]{43}; Path=\/api\/auth; Expires=[^;]+ GMT; HttpOnly; SameSite=Strict$/);
    expect(device).toMatch(/^known_device=[\w.-]+; Max-Age=34560000; Path=\/api\/auth; Expires=[^;]+ GMT; HttpOnly; SameSite=Strict$/);
    expect(others).toEqual([]);
  });

  it("rejects fields that a guest may not set", async () => {
    const visitor = await new Visitor(node.url).open();
    const before = await counts();
    for (const field of ["role", "kind", "id", "isAdmin", "createdAt"]) {
      const { status, body } = await visitor.post("/api/auth/guest", { displayName: "Mallory", [field]: "admin" });
      expect([status, body.code, body.errors]).toEqual([400, "invalid_input", [expect.objectContaining({ path: field })]]);
    }
    expect(await counts()).toEqual(before);
  });

  it("rejects a name that resembles staff, with three available suggestions", async () => {
    const visitor = await new Visitor(node.url).open();
    const { status, body } = await visitor.post("/api/auth/guest", { displayName: "аdmin" });
    expect([status, body.code]).toEqual([409, "name_taken"]);
    expect(body.suggestions).toHaveLength(3);
    const [name] = body.suggestions as string[];
    expect((await visitor.post("/api/auth/guest", { displayName: name })).status).toBe(201);
  });
});

describe("rate limits of the auth endpoints", () => {
  it("allow 3 guests per hour and address, regardless of forwarded headers, and count only created guests", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1 });
    const visitor = await new Visitor(strict.url).open();
    const spoof = (hop: number) => ({
      "x-forwarded-for": `203.0.113.${hop}`,
      "x-real-ip": `203.0.113.${hop}`,
      forwarded: `for=203.0.113.${hop}`,
    });
    for (let attempt = 0; attempt < 4; attempt++)
      expect((await visitor.post("/api/auth/guest", { displayName: "admin" })).status).toBe(409);
    for (let made = 0; made < 3; made++) expect((await visitor.post("/api/auth/guest", {}, spoof(made))).status).toBe(201);
    const before = await counts();
    const challenged = await visitor.post("/api/auth/guest", {}, spoof(9));
    expect([challenged.status, challenged.body.code]).toEqual([403, "proof_required"]);
    for (let proven = 0; proven < 9; proven++) await strict.services.limits.consume("provenGuestsOfAddress", "127.0.0.1");
    const { status, body, headers } = await visitor.post("/api/auth/guest", {}, spoof(9));
    expect([status, body.code]).toEqual([429, "guest_limit"]);
    expect(Number(headers.get("retry-after"))).toBe(Math.ceil(Number(body.retryAfterMs) / 1_000));
    expect(Number(body.retryAfterMs)).toBeGreaterThan(3_500_000);
    expect(await counts()).toEqual(before);
    await strict.close();
  });

  it("allow 60 calls per minute and report the rest, also for calls with a rejected token", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1 });
    const visitor = new Visitor(strict.url);
    const first = await visitor.call("/api/auth/csrf");
    expect(["limit", "remaining", "reset"].map((name) => first.headers.get(`ratelimit-${name}`))).toEqual(["60", "59", "60"]);
    for (let guess = 0; guess < 59; guess++)
      expect((await visitor.call("/api/auth/me", { headers: bearer(`x${guess}`) })).status).toBe(401);
    const { status, body, headers } = await visitor.call("/api/auth/me", { headers: bearer("x") });
    expect([status, body.code, headers.get("ratelimit-remaining")]).toEqual([429, "rate_limited", "0"]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(50);
    await strict.close();
  });
});

describe("session", () => {
  it("is refreshed by its cookie, returns the user and lists this device", async () => {
    const { visitor, answer } = await newGuest();
    const first = visitor.cookies.get("refresh_token");
    const fresh = await visitor.post("/api/auth/refresh");
    expect(fresh.status).toBe(200);
    expect(session.parse(fresh.body).user).toEqual(answer.body.user);
    expect(visitor.cookies.get("refresh_token")).not.toBe(first);
    const auth = bearer(fresh.body.accessToken);
    const self = await visitor.call("/api/auth/me", { headers: auth });
    expect(me.parse(self.body)).toEqual(self.body);
    const list = pageOf(device).parse((await visitor.call("/api/auth/sessions", { headers: auth })).body);
    expect(list.items).toMatchObject([{ id: self.body.sessionId, isCurrent: true }]);
  });

  it("cannot be refreshed without its cookie", async () => {
    const visitor = await new Visitor(node.url).open();
    const { status, body } = await visitor.post("/api/auth/refresh");
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
  });

  it("ends at sign-out: revokes the token, clears the cookie, and notifies and closes the socket", async () => {
    const { visitor, accessToken, auth } = await newGuest();
    const socket = await openSocket(accessToken);
    const goodbye = new Promise((resolve) => socket.once("session_ended", resolve));
    const cut = new Promise((resolve) => socket.once("disconnect", resolve));
    const { status } = await visitor.call("/api/auth/signout", { method: "POST", headers: auth });
    expect(status).toBe(204);
    expect(problem.parse(await goodbye).code).toBe("session_revoked");
    expect(await cut).toBe("io server disconnect");
    expect(visitor.cookies.has("refresh_token")).toBe(false);
    expect((await visitor.call("/api/auth/me", { headers: auth })).body.code).toBe("session_revoked");
    await expect(openSocket(accessToken)).rejects.toMatchObject({ data: { code: "session_revoked" } });
  });

  it("can be ended with the cookie only, after which the cookie cannot refresh it", async () => {
    const { visitor, auth } = await newGuest();
    const cookie = visitor.cookie();
    expect((await visitor.post("/api/auth/signout")).status).toBe(204);
    expect((await visitor.call("/api/auth/me", { headers: auth })).status).toBe(401);
    const again = await visitor.call("/api/auth/refresh", { method: "POST", cookie });
    expect([again.status, again.body.code]).toEqual([401, "session_revoked"]);
    expect((await visitor.post("/api/auth/signout")).body.code).toBe("unauthenticated");
  });

  it("ends with all others of its user, but not with those of other users, at sign-out everywhere", async () => {
    const ann = await newGuest();
    const eve = await newGuest();
    const userId = (ann.answer.body.user as { id: string }).id;
    const other = await database.db.session.create({ data: { userId, expiresAt: new Date(Date.now() + 60_000) } });
    expect((await ann.visitor.post("/api/auth/signout-all")).status).toBe(204);
    expect(await database.db.session.count({ where: { userId, endedAt: null } })).toBe(0);
    expect(await database.db.session.findUnique({ where: { id: other.id } })).toMatchObject({ endReason: "signed_out" });
    expect((await eve.visitor.call("/api/auth/me", { headers: eve.auth })).status).toBe(200);
  });

  it("is invisible to other users, and can be ended by its owner", async () => {
    const ann = await newGuest();
    const eve = await newGuest();
    const path = `/api/auth/sessions/${await sessionOf(ann.auth)}`;
    const stranger = await eve.visitor.call(path, { method: "DELETE", headers: eve.auth });
    const nothing = await eve.visitor.call("/api/auth/sessions/01920000-0000-7000-8000-000000000000", {
      method: "DELETE",
      headers: eve.auth,
    });
    const { requestId: _a, ...theirs } = stranger.body;
    const { requestId: _b, ...nobodys } = nothing.body;
    expect([stranger.status, theirs]).toEqual([404, nobodys]);
    expect((await ann.visitor.call("/api/auth/me", { headers: ann.auth })).status).toBe(200);
    expect((await ann.visitor.call(path, { method: "DELETE", headers: ann.auth })).status).toBe(204);
    expect((await ann.visitor.call("/api/auth/me", { headers: ann.auth })).status).toBe(401);
  });
});

describe("forged request", () => {
  const guarded = ["/api/auth/guest", "/api/auth/refresh", "/api/auth/signout", "/api/auth/signout-all"];
  const forgeries: Record<string, (victim: Visitor, attacker: Visitor) => { headers?: Record<string, string>; cookie?: string }> = {
    "without a token": () => ({ headers: { "x-csrf-token": "" } }),
    "with another browser's token": (_victim, attacker) => ({ headers: { "x-csrf-token": attacker.csrfToken } }),
    "with a made-up token": () => ({ headers: { "x-csrf-token": "abcdefgh-abcdefghijklmnopqrstuvwxyz0123456789" } }),
    "with a cookie of the attacker's tossed in first": (victim, attacker) => ({
      headers: { "x-csrf-token": attacker.csrfToken },
      cookie: `browser_id=${attacker.cookies.get("browser_id")}; ${victim.cookie()}`,
    }),
    "with a cookie of the attacker's tossed in last": (victim, attacker) => ({
      headers: { "x-csrf-token": attacker.csrfToken },
      cookie: `${victim.cookie()}; browser_id=${attacker.cookies.get("browser_id")}`,
    }),
    "from another site": () => ({ headers: { origin: "https://evil.example" } }),
    "from nowhere": () => ({ headers: { origin: "null" } }),
    "that the browser calls cross-site": () => ({ headers: { "sec-fetch-site": "cross-site" } }),
    "from a sibling site": () => ({ headers: { "sec-fetch-site": "same-site" } }),
  };
  it.each(Object.entries(forgeries))("%s is rejected by every guarded endpoint, while the genuine request is not", async (_how, forge) => {
    const { visitor } = await newGuest();
    const attacker = await new Visitor(node.url).open();
    const before = await counts();
    for (const path of [...guarded, "/API/Auth/Signout/", "/api/auth/signout?_csrf=x"]) {
      const { status, body } = await visitor.call(path, { method: "POST", ...forge(visitor, attacker) });
      expect([path, status, body.code]).toEqual([path, 403, "csrf_failed"]);
    }
    expect(await counts()).toEqual(before);
    expect((await visitor.post("/api/auth/signout")).status).toBe(204);
  });

  it("is rejected before its body is read", async () => {
    const { status } = await new Visitor(node.url).call("/api/auth/guest", { method: "POST", body: { displayName: "x".repeat(100_000) } });
    expect(status).toBe(403);
  });

  it("is not accepted with the CSRF token outside the header", async () => {
    const { visitor } = await newGuest();
    const token = visitor.csrfToken;
    visitor.csrfToken = "";
    expect(
      (await visitor.call(`/api/auth/signout?_csrf=${token}`, { method: "POST", body: { _csrf: token }, headers: { "csrf-token": token } }))
        .status,
    ).toBe(403);
    expect((await visitor.post("/api/auth/signout", undefined, { "x-csrf-token": token })).status).toBe(204);
  });

  it("cannot come from a sibling site in production, where the cookie has a __Host- name", async () => {
    const env = { NODE_ENV: "production", PUBLIC_URL: "https://chat.example.org", TRUST_PROXY: "0" };
    const production = await bootApp({ database: database.url, limitsScale: 1, env });
    const visitor = new Visitor(production.url);
    const { headers } = await visitor.call("/api/auth/csrf");
    await production.close();
    expect(headers.getSetCookie().join()).toMatch(/^__Host-browser_id=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
  });
});

describe("access token", () => {
  it.each(["access_token", "token", "ACCESS_TOKEN", "token[]"])(
    "in the query parameter %s is rejected although it is valid, and never logged",
    async (name) => {
      const { visitor, accessToken, auth } = await newGuest();
      const { status, body } = await visitor.call(`/api/auth/me?${name}=${accessToken}`, { headers: auth });
      expect([status, body.code]).toEqual([401, "unauthenticated"]);
      expect(node.log.join("")).not.toContain(accessToken);
      expect(node.log.join("")).toContain(String(body.requestId));
    },
  );

  it.each(["Bearer", "Bearer x", "Basic YWRtaW46YWRtaW4=", "Bearer eyJhbGciOiJub25lIn0.e30."])(
    "%s is rejected by every endpoint, including public ones",
    async (authorization) => {
      for (const path of ["/api/auth/me", "/api/chatroom/lounges", "/api/auth/csrf"]) {
        const { status, body, headers } = await new Visitor(node.url).call(path, { headers: { authorization } });
        expect([path, status, body.code]).toEqual([path, 401, "unauthenticated"]);
        expect(headers.get("www-authenticate")).toBe("Bearer");
      }
    },
  );

  it("must not be a refresh token", async () => {
    const { visitor } = await newGuest();
    const { status } = await visitor.call("/api/auth/me", { headers: bearer(visitor.cookies.get("refresh_token")) });
    expect(status).toBe(401);
  });
});
