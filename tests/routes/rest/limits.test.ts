import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { bootApp } from "../../support/app.ts";
import { createRest, type Rest } from "../../support/client.ts";
import { expectError, expectProblem } from "../../support/expect.ts";
import { lastSeqOf, makeGuest, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect } from "../../support/sockets/sockets.ts";

let roomId: string;

const { app, database } = await appForFile({ limitsScale: 1 });

beforeAll(async () => {
  roomId = await makeRoom(app.services);
});

const as = ({ token }: Person): Rest => Object.assign(createRest(app.url), { token });
const send = (rest: Rest) => rest.post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text: "hello" });

describe("rate limit", () => {
  it("of messages is shared by REST and socket: a guest's sixth in 15 s is rejected with a retry time, and not stored", async () => {
    const guest = await makeGuest(app.services);
    const rest = as(guest);
    const live = await connect(app.url, guest.token);
    for (const left of [4, 3])
      expect((await send(rest)).headers).toMatchObject({
        "ratelimit-limit": "5",
        "ratelimit-remaining": String(left),
        "ratelimit-reset": expect.stringMatching(/^1[0-5]$/) as string,
      });
    for (let count = 0; count < 3; count += 1) await live.command("send_message", { roomId, clientMessageId: newId(), text: "hello" });
    const overRest = await send(rest);
    const { retryAfterMs = 0 } = expectError(overRest, 429, "rate_limited");
    expect(retryAfterMs).toBeGreaterThan(10_000);
    expect(Number(overRest.headers["retry-after"])).toBe(Math.ceil(retryAfterMs / 1_000));
    expect(overRest.headers).toMatchObject({ "ratelimit-limit": "5", "ratelimit-remaining": "0" });
    const overSocket = await live.ask("send_message", { roomId, clientMessageId: newId(), text: "hello" });
    expect(overSocket.ok).toBe(false);
    if (!overSocket.ok) expect(expectProblem(overSocket.error, "rate_limited").retryAfterMs).toBeGreaterThan(10_000);
    expect(await lastSeqOf(database.pool, roomId)).toBe(5);
    live.close();
  });

  it("is separate for each user, and wider for members", async () => {
    const guest = as(await makeGuest(app.services));
    const member = as(await makeMember(app.services));
    expect((await send(guest)).status).toBe(201);
    for (let count = 0; count < 40; count += 1) expect((await send(member)).status).toBe(201);
    expectError(await send(member), 429, "rate_limited");
    expect((await send(guest)).status).toBe(201);
  });

  it("of staff is 10 per second, and resets after a second", async () => {
    const staff = as(await makeMember(app.services, { role: "moderator" }));
    const answers = await Promise.all(Array.from({ length: 14 }, () => send(staff)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expect(expectError(answer, 429, "rate_limited").retryAfterMs).toBeLessThanOrEqual(1_000);
  });

  it("of one user cannot be spent by another, or bypassed with forwarded headers", async () => {
    const guest = as(await makeGuest(app.services));
    const spoofed = (at: number) =>
      guest.get("/api/auth/me", {
        headers: {
          "x-forwarded-for": `203.0.113.${at}`,
          "x-real-ip": `203.0.113.${at}`,
          forwarded: `for=203.0.113.${at}`,
          "x-client-ip": "1.2.3.4",
          "cf-connecting-ip": "1.2.3.4",
        },
      });
    const answers = await Promise.all(Array.from({ length: 61 }, (_, at) => spoofed(at)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(60);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it("of an address applies to anonymous callers, regardless of forwarded headers", async () => {
    const stranger = createRest(app.url);
    const answers = await Promise.all(
      Array.from({ length: 70 }, (_, at) => stranger.get("/api/chatroom/lounges", { headers: { "x-forwarded-for": `203.0.113.${at}` } })),
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(10);
    for (const answer of answers.filter(({ status }) => status === 429)) expectError(answer, 429, "rate_limited");
  });

  it("of heartbeats is separate from the others", async () => {
    const guest = as(await makeGuest(app.services));
    for (let count = 0; count < 61; count += 1)
      expect((await guest.post("/api/presence/heartbeat", { status: "online" })).headers["ratelimit-limit"]).toBe("120");
    expect((await guest.get("/api/auth/me")).status).toBe(200);
  });

  it("is not spent by unknown endpoints", async () => {
    const guest = as(await makeGuest(app.services));
    for (let count = 0; count < 65; count += 1) expectError(await guest.get("/api/nothing"), 404, "not_found");
    expect((await guest.get("/api/auth/me")).headers["ratelimit-remaining"]).toBe("59");
  });
});

describe("behind one trusted proxy", () => {
  it("callers are distinguished by the address the proxy added, and by no other", async () => {
    const proxied = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
    const rest = createRest(proxied.url);
    const from = (chain: string) => rest.get("/api/chatroom/lounges", { headers: { "x-forwarded-for": chain } });
    for (let count = 0; count < 60; count += 1) await from("198.51.100.1");
    expectError(await from("198.51.100.1"), 429, "rate_limited");
    expectError(await from("203.0.113.9, 198.51.100.1"), 429, "rate_limited");
    expect((await from("198.51.100.2")).status).toBe(200);
    await proxied.close();
  });
});
