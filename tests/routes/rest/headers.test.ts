import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { bootApp } from "../../support/app.ts";
import { createRest, type Rest, send } from "../../support/client.ts";
import { expectError } from "../../support/expect.ts";
import { makeGuest, makeRoom } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const ALLOWED = "https://partner.example";
const TOKEN = "mT8-rw2Qk9x_Lz4Vb7Nc1Yh6Pd3Sg5Jf0";

const CSP =
  "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data: blob:;font-src 'self';connect-src 'self';manifest-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'";

let rest: Rest;
let roomId: string;

const { app, database } = await appForFile({ env: { CORS_ORIGINS: ALLOWED, METRICS_TOKEN: TOKEN } });

beforeAll(async () => {
  rest = Object.assign(createRest(app.url), { token: (await makeGuest(app.services)).token });
  roomId = await makeRoom(app.services);
});

describe("every response", () => {
  it.each([
    "/health",
    "/metrics",
    "/api/chatroom/lounges",
    "/api/auth/csrf",
    "/api/openapi.json",
    "/api/docs",
    "/api/nothing",
    "/nothing",
    "/socket.io/?EIO=4&transport=polling",
    "/socket.io/nothing",
  ])("of %s has the security headers, and a request id outside socket.io", async (path) => {
    const { headers } = await rest.get(path);
    expect(headers).toMatchObject({
      "content-security-policy": CSP,
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      ...(!path.startsWith("/socket.io") && { "x-request-id": expect.stringMatching(/^[0-9a-f-]{36}$/) as string }),
    });
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect(headers).not.toHaveProperty("etag");
  });

  it("has its own request id, ignoring one proposed by the caller", async () => {
    const proposed = newId();
    const one = await rest.get("/health", { headers: { "x-request-id": proposed } });
    const two = await rest.get("/health");
    expect(new Set([one.headers["x-request-id"], two.headers["x-request-id"], proposed]).size).toBe(3);
  });

  it("in production has the HSTS header", async () => {
    const env = { NODE_ENV: "production", PUBLIC_URL: "https://chat.example", TRUST_PROXY: "0", LIMITS_SCALE: "1" };
    const production = await bootApp({ database: database.url, limitsScale: 1, env });
    const { headers } = await createRest(production.url).get("/api/auth/csrf");
    expect(headers["strict-transport-security"]).toBe("max-age=31536000");
    expect(headers["set-cookie"]?.[0]).toMatch(/^__Host-.*Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    await production.close();
  });
});

describe("private response", () => {
  it.each(["/api/auth/me", "/api/auth/sessions", "/api/auth/csrf", "/api/chatroom/lounges", "/api/nothing"])(
    "of %s is not cached or shared",
    async (path) => {
      const { headers } = await rest.get(path);
      expect(headers["cache-control"]).toBe("no-store");
      for (const name of ["Authorization", "Cookie", "Origin", "Accept-Language"]) expect(headers.vary).toContain(name);
    },
  );

  it("uses the caller's language", async () => {
    const german = await rest.get<{ detail: string }>("/api/nothing", { headers: { "accept-language": "de-AT, en;q=0.5" } });
    expect(german.body.detail).toBe("Das existiert nicht, oder du hast keinen Zugriff darauf.");
    expectError(german, 404, "not_found");
  });
});

describe("resource that does not exist", () => {
  it("includes the development endpoints in production", async () => {
    const env = { NODE_ENV: "production", PUBLIC_URL: "https://chat.example", TRUST_PROXY: "0", LIMITS_SCALE: "1" };
    const production = await bootApp({ database: database.url, limitsScale: 1, env });
    expectError(await createRest(production.url).get("/api/dev/outbox"), 404, "not_found");
    await production.close();
    expect((await rest.get("/api/dev/outbox")).status).toBe(200);
  });

  it.each([
    ["GET", "/api/nothing"],
    ["POST", "/api/nothing"],
    ["GET", "/nothing"],
    ["GET", "/.env"],
    ["GET", "/../package.json"],
    ["GET", "/assets/../../server.ts"],
    ["GET", "//evil.example/%2e%2e"],
  ])("responds with not_found to %s %s", async (method, path) => {
    expectError(await send(`${app.url}${path}`, method), 404, "not_found");
  });

  it("rejects a method override", async () => {
    const answer = await rest.get(`/api/chatroom/rooms/${roomId}/messages?_method=POST`, { headers: { "x-http-method-override": "POST" } });
    expectError(answer, 400, "invalid_input");
  });
});

describe("foreign origin", () => {
  const foreign = [
    "https://evil.example",
    "null",
    "https://partner.example.evil.example",
    "https://evilpartner.example",
    "http://partner.example",
    "https://partner.example:444",
    "https://PARTNER.example.",
    "file://",
    "*",
  ];

  it.each(foreign)("%s gets no CORS permission, neither by a request nor by a preflight", async (origin) => {
    for (const method of ["GET", "OPTIONS"]) {
      const headers = { origin, "access-control-request-method": "POST", "access-control-request-headers": "authorization" };
      for (const path of ["/api/chatroom/lounges", "/api/auth/csrf", "/socket.io/?EIO=4&transport=polling", "/health", "/metrics"]) {
        const answer = await send(`${app.url}${path}`, method, { headers });
        expect(
          Object.keys(answer.headers).filter((name) => name.startsWith("access-control-allow-origin") || name.endsWith("credentials")),
        ).toEqual([]);
      }
    }
  });

  it("allowed by the operator gets CORS permission, by name and without cookies", async () => {
    for (const path of ["/api/chatroom/lounges", "/api/nothing"]) {
      const asked = await send(`${app.url}${path}`, "OPTIONS", { headers: { origin: ALLOWED, "access-control-request-method": "GET" } });
      expect(asked).toMatchObject({
        status: 204,
        headers: {
          "access-control-allow-origin": ALLOWED,
          "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE",
          "access-control-allow-headers": "Authorization,Content-Type,X-CSRF-Token",
          "access-control-max-age": "600",
          vary: expect.stringContaining("Origin") as string,
        },
      });
      expect(asked.headers).not.toHaveProperty("access-control-allow-credentials");
    }
    const answer = await rest.get("/api/chatroom/lounges", { headers: { origin: ALLOWED } });
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": ALLOWED,
      "access-control-expose-headers": "X-Request-Id,RateLimit-Limit,RateLimit-Remaining,RateLimit-Reset,Retry-After,Location",
      vary: expect.stringContaining("Origin") as string,
    });
    expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
  });

  it("not allowed by the operator gets the response of a caller without an origin, and no CORS header", async () => {
    for (const headers of [{}, { origin: "https://evil.example", "access-control-request-method": "GET" }]) {
      const asked = await send(`${app.url}/api/chatroom/lounges`, "OPTIONS", { headers });
      expect(asked).toMatchObject({
        status: 204,
        headers: { allow: "GET, HEAD, OPTIONS", vary: expect.stringContaining("Origin") as string },
      });
      const answer = await rest.get("/api/chatroom/lounges", { headers });
      expect(answer.status).toBe(200);
      const names = [...Object.keys(asked.headers), ...Object.keys(answer.headers)];
      expect(names.filter((name) => name.startsWith("access-control-"))).toEqual([]);
    }
  });
});

describe("metrics", () => {
  const metrics = (headers: Record<string, string>, url = app.url) => send(`${url}/metrics`, "GET", { headers });

  it("are available to callers with the token, through a proxy or not", async () => {
    for (const headers of [{}, { "x-forwarded-for": "203.0.113.7" }, { "x-real-ip": "203.0.113.7" }]) {
      const answer = await metrics({ authorization: `Bearer ${TOKEN}`, ...headers });
      expect(answer.status).toBe(200);
      expect(answer.text).toContain("sockets_open");
    }
  });

  it.each<[string, Record<string, string>]>([
    ["is on this machine", {}],
    ["came through a proxy on this machine that names only the real address", { "x-real-ip": "203.0.113.7" }],
    ["came through a proxy", { "x-forwarded-for": "127.0.0.1" }],
    ["shows another token", { authorization: `Bearer ${TOKEN}x` }],
    ["shows a token of the same length that is no ASCII", { authorization: `Bearer ${"é".repeat(TOKEN.length)}` }],
    ["shows an empty token", { authorization: "Bearer " }],
  ])("respond with not_found to a caller without the token who %s", async (_, headers) => {
    expectError(await metrics(headers), 404, "not_found");
  });

  it("are available only on this machine if no token is set, and not through a proxy", async () => {
    const open = await bootApp({ database: database.url });
    expect((await metrics({}, open.url)).status).toBe(200);
    for (const headers of [{ "x-forwarded-for": "127.0.0.1" }, { forwarded: "for=127.0.0.1" }])
      expectError(await metrics(headers, open.url), 404, "not_found");
    await open.close();
  });
});

describe("metrics of a production server without a token", () => {
  it("are not available, not even to a proxy on this machine that adds no headers", async () => {
    const env = { NODE_ENV: "production", PUBLIC_URL: "https://chat.example", TRUST_PROXY: "1", LIMITS_SCALE: "1" };
    const closed = await bootApp({ database: database.url, limitsScale: 1, env });
    for (const headers of [{}, { authorization: "Bearer " }, { authorization: "Bearer undefined" }, { "x-forwarded-for": "127.0.0.1" }])
      expectError(await send(`${closed.url}/metrics`, "GET", { headers }), 404, "not_found");
    await closed.close();
  });
});

describe("forwarded address", () => {
  const warnings = (log: readonly string[]): string[] => log.filter((line) => line.includes("TRUST_PROXY"));

  it.each(["x-forwarded-for", "forwarded", "x-real-ip"])("in %s without a trusted proxy: logs a warning once", async (name) => {
    const open = await bootApp({ database: database.url });
    await send(`${open.url}/api/chatroom/lounges`, "GET");
    expect(warnings(open.log)).toEqual([]);
    const headers = { [name]: "203.0.113.7" };
    for (const path of ["/api/chatroom/lounges", "/socket.io/?EIO=4&transport=polling", "/api/chatroom/lounges"])
      await send(`${open.url}${path}`, "GET", { headers });
    await open.close();
    expect(warnings(open.log)).toHaveLength(1);
    expect(warnings(open.log)[0]).toMatch(/ warn .*Set TRUST_PROXY/);
    expect(warnings(open.log)[0]).not.toContain("203.0.113.7");
  });

  it("from a trusted proxy: logs no warning", async () => {
    const open = await bootApp({ database: database.url, env: { TRUST_PROXY: "1" } });
    await send(`${open.url}/api/chatroom/lounges`, "GET", { headers: { "x-forwarded-for": "203.0.113.7" } });
    await open.close();
    expect(warnings(open.log)).toEqual([]);
  });
});

describe("health endpoints", () => {
  it("report liveness and readiness with all components", async () => {
    expect((await rest.get("/health")).body).toEqual({ status: "ok" });
    expect((await rest.get("/health/ready")).body).toMatchObject({
      status: "ready",
      parts: { database: { ok: true }, migrations: { ok: true }, jobs: { ok: true }, redis: { ok: true } },
    });
  });
});
