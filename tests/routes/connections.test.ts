import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { caps, requestsOfAddress } from "../../utils/contract/limits.ts";
import { type App, type AppOptions, bootApp } from "../support/app.ts";
import { send } from "../support/client.ts";
import { stoppedClock } from "../support/clock.ts";
import { expectError } from "../support/expect.ts";
import { makeGuest } from "../support/factories.ts";
import { databaseForFile } from "../support/for-file.ts";
import { openRawSocket, type RawSocket } from "../support/sockets/raw-socket.ts";
import { openWire } from "../support/sockets/wire.ts";

let app: App;
let open: RawSocket[] = [];
let stopping: Promise<void> | null = null;

const database = await databaseForFile();

const boot = async (options: Omit<AppOptions, "database"> = {}): Promise<void> => {
  app = await bootApp({ database: database.url, limitsScale: 1, ...options });
  stopping = null;
};

const stop = (): Promise<void> => {
  stopping ??= app.close();
  return stopping;
};

const openRaw = async (): Promise<RawSocket> => {
  const raw = await openRawSocket(app.port);
  open.push(raw);
  return raw;
};

afterEach(async () => {
  for (const { socket } of open) socket.destroy();
  open = [];
  await stop();
});

const HEAD = "GET /nothing HTTP/1.1\r\nHost: here\r\n";
const REQUEST = `${HEAD}\r\n`;
const POST = "POST /api/auth/guest HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n";

const cuts = async (reason: string): Promise<number> => {
  const text = await app.deps.metrics.registry.getSingleMetricAsString("connections_closed_total");
  return Number(new RegExp(`reason="${reason}"} (\\d+)`).exec(text)?.[1] ?? 0);
};

const isOpen = ({ socket }: RawSocket): boolean => !socket.destroyed;

/** Returns the status codes of all responses that a connection has received. */
const statusesOf = (raw: RawSocket): string[] =>
  [
    ...raw
      .received()
      .toString()
      .matchAll(/HTTP\/1\.1 (\d{3})/g),
  ].map(([, status]) => status ?? "");

describe("slow client", () => {
  it("has 10 s for the request head and 30 s for the whole request", async () => {
    await boot();
    expect([app.http.headersTimeout, app.http.requestTimeout]).toEqual([10_000, 30_000]);
  });

  it("is disconnected soon after the timeout if it is silent or slow with its head, and later if it is slow with its body", async () => {
    await boot({ handshakeMs: 8_000 });
    app.http.headersTimeout = 400;
    app.http.requestTimeout = 3_500;
    const silent = await openRaw();
    const slowHead = await openRaw();
    const slowBody = await openRaw();
    slowHead.socket.write(HEAD);
    slowBody.socket.write(`${POST}Content-Length: 100\r\n\r\n{`);
    // This WebSocket without a token is closed by its own timer, which must not make Node check the other connections less often.
    const later = await openWire(app.url);
    const order: string[] = [];
    const note = (name: string, closed: Promise<unknown>) => closed.then(() => order.push(name));
    await Promise.all([
      note("silent", silent.closed),
      note("slow head", slowHead.closed),
      note("slow body", slowBody.closed),
      note("no token", later.closed),
    ]);
    expect(order.slice(0, 2).sort()).toEqual(["silent", "slow head"]);
    expect(order.slice(2)).toEqual(["slow body", "no token"]);
  });

  it("cannot continue a request body that was already responded to", async () => {
    await boot();
    app.http.requestTimeout = 0;
    const raw = await openRaw();
    raw.socket.write(`${POST}Transfer-Encoding: chunked\r\n\r\n`);
    const timer = setInterval(() => raw.socket.write("10\r\n0123456789abcdef\r\n"), 50);
    await raw.closed;
    clearInterval(timer);
    expect(statusesOf(raw)).toEqual(["403"]);
  });
});

describe("connections of one address", () => {
  it("are limited: the oldest idle one is closed, and a caller from the same address gets a response", async () => {
    await boot();
    const silent: RawSocket[] = [];
    while (silent.length < caps.connectionsPerAddress) silent.push(await openRaw());
    const used = silent[0] as RawSocket;
    used.socket.write(REQUEST);
    await once(used.socket, "data");
    expect((await send(`${app.url}/health`, "GET")).status).toBe(200);
    await silent[1]?.closed;
    expect(silent.filter(isOpen)).toHaveLength(caps.connectionsPerAddress - 1);
    expect(isOpen(used)).toBe(true);
    expect(await cuts("connections_per_address")).toBe(1);
  });

  it("are not limited separately behind a trusted proxy, where only the total applies", async () => {
    await boot({ env: { TRUST_PROXY: "1" } });
    while (open.length < caps.connectionsPerAddress + 20) await openRaw();
    expect((await send(`${app.url}/health`, "GET")).status).toBe(200);
    expect(open.filter(isOpen)).toHaveLength(caps.connectionsPerAddress + 20);
  });

  it("count towards a total of all addresses, beyond which new ones are closed", async () => {
    await boot();
    expect(app.http.maxConnections).toBe(caps.connections);
    app.http.maxConnections = 2;
    const one = await openRaw();
    const two = await openRaw();
    const three = await openRaw();
    await three.closed;
    expect([one, two].filter(isOpen)).toHaveLength(2);
    expect(await cuts("connections")).toBe(1);
  });
});

/** Sends requests until the address has used up its limit. The server's clock must not advance meanwhile. */
async function exhaust(raw: RawSocket): Promise<void> {
  const AHEAD = 25;
  for (let left = requestsOfAddress.points; left > 0; left -= AHEAD) {
    const before = raw.received().length;
    raw.socket.write(REQUEST.repeat(AHEAD));
    const answers = (): number =>
      [
        ...raw
          .received()
          .subarray(before)
          .toString()
          .matchAll(/HTTP\/1\.1 404/g),
      ].length;
    while (answers() < AHEAD) await once(raw.socket, "data");
  }
}

describe("requests of one address", () => {
  it("are limited for every path, with a retry time; the health check and other addresses are not affected", async () => {
    const clock = stoppedClock();
    await boot({ now: clock.now });
    await exhaust(await openRaw());
    for (const path of ["/nothing", "/", "/assets/x.js", "/api/auth/csrf", "/api/openapi.json", "/socket.io/?EIO=4&transport=polling"]) {
      const rejected = await send(`${app.url}${path}`, "GET");
      const { retryAfterMs = 0 } = expectError(rejected, 429, "rate_limited");
      expect(Number(rejected.headers["retry-after"])).toBe(Math.ceil(retryAfterMs / 1_000));
      expect(rejected.headers).toMatchObject({ connection: "close", "x-content-type-options": "nosniff" });
      expect(rejected.headers["x-request-id"]).toBeDefined();
    }
    const upgrade = await openRaw();
    upgrade.socket.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
    );
    await upgrade.closed;
    expect(statusesOf(upgrade)).toEqual(["429"]);
    expect((await send(`${app.url}/health`, "GET")).status).toBe(200);
    expect((await send(`${app.url}/nothing`, "GET", { localAddress: "127.0.0.2" })).status).toBe(404);
    expect(await cuts("requests_per_address")).toBe(7);
    clock.advance(requestsOfAddress.windowMs);
    expect((await send(`${app.url}/nothing`, "GET")).status).toBe(404);
  });

  it("are handled in short batches, so that other requests are served during a burst", async () => {
    await boot();
    const raws = await Promise.all(Array.from({ length: 60 }, openRaw));
    // Node accepts one connection per event loop iteration, so the connections must be accepted before the burst.
    for (const raw of raws) raw.socket.write(REQUEST);
    await Promise.all(raws.map((raw) => once(raw.socket, "data")));
    const order: string[] = [];
    const bursts = raws.map(async (raw) => {
      raw.socket.write(REQUEST.repeat(25));
      while (statusesOf(raw).length < 26) await once(raw.socket, "data");
      order.push("burst");
    });
    const other = send(`${app.url}/nothing`, "GET", { localAddress: "127.0.0.2" }).then(() => order.push("other"));
    await Promise.all([...bursts, other]);
    expect(order.indexOf("other")).toBeLessThan(order.length / 2);
  });

  it("are limited if pipelined, so that a single read does not block the server", async () => {
    await boot();
    const raw = await openRaw();
    raw.socket.write(REQUEST.repeat(1_500));
    await raw.closed;
    expect(statusesOf(raw).length).toBeLessThanOrEqual(caps.pipelinedRequests);
    expect(await cuts("pipelined_requests")).toBe(1);
    expect((await send(`${app.url}/nothing`, "GET")).status).toBe(404);
  });
});

describe("upgrade request", () => {
  it.each(["websocket", "h2c"])("to %s outside the socket path gets a response and is closed in both directions", async (protocol) => {
    await boot();
    const ends: Socket[] = [];
    app.http.on("connection", (socket: Socket) => ends.push(socket));
    const raw = await openRaw();
    raw.socket.write(`${HEAD}Connection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`);
    await expect.poll(() => ends[0]?.destroyed).toBe(true);
    await raw.closed;
    expect(statusesOf(raw)).toEqual(["404"]);
  });
});

describe("server shutdown", () => {
  it("completes the request in progress, rejects new ones with a retry time, and closes both connections", async () => {
    await boot();
    const { token } = await makeGuest(app.services);
    const slow = await openRaw();
    const idle = await openRaw();
    idle.socket.write(REQUEST);
    await once(idle.socket, "data");
    const body = JSON.stringify({ status: "online" });
    slow.socket.write(
      [
        "POST /api/presence/heartbeat HTTP/1.1",
        "Host: here",
        "Content-Type: application/json",
        `Authorization: Bearer ${token}`,
        `Content-Length: ${body.length}`,
        "",
        body.slice(0, 5),
      ].join("\r\n"),
    );
    await once(app.http, "request");
    const isStopped = stop();
    idle.socket.write(REQUEST);
    await idle.closed;
    expect(statusesOf(idle)).toEqual(["404", "503"]);
    expect(idle.received().toString()).toMatch(/Retry-After: 1\r\n/i);
    expect(isOpen(slow)).toBe(true);
    slow.socket.write(body.slice(5));
    await slow.closed;
    expect(statusesOf(slow)).toEqual(["200"]);
    expect(slow.received().toString()).toMatch(/Connection: close\r\n/i);
    await isStopped;
  });
});
