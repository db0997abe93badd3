import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Operation, type OperationName, operations } from "../../../../utils/contract/operations/index.ts";
import {
  type BotDto,
  bot as botShape,
  type MadeBotDto,
  type NewApiTokenDto,
  newApiToken,
} from "../../../../utils/contract/schemas/bots.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { createRest, type Rest } from "../../../support/client.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, type Person, storedMessages, textFor } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { connect, RejectedError } from "../../../support/sockets/sockets.ts";

let app: App;
let other: App;
let admin: Person;
let rest: Rest;
let made: MadeBotDto;

const database = await databaseForFile();

beforeAll(async () => {
  [app, other] = [await bootApp({ database: database.url }), await bootApp({ database: database.url })];
  admin = await makeMember(app.services, { role: "admin", isProven: true });
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

const as = (token: string, to = app): Rest => Object.assign(createRest(to.url), { token });
const named = (): string => `bot-${newId().slice(-12)}`;

beforeEach(async () => {
  rest = as(admin.token);
  made = (await rest.post<MadeBotDto>("/api/admin/bots", { username: named(), displayName: "Echo", tokenName: "first" })).body;
});

const entriesOf = (subjectId: string) => database.db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: "asc" } });
const call = (token: string, to = app) => as(token, to).get("/api/auth/me");

describe("admin", () => {
  it("creates a bot, and sees its token only once; the database stores only a hash", async () => {
    const username = named();
    const { status, body, headers } = await rest.post<MadeBotDto>("/api/admin/bots", { username, expiresInDays: 30 });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/admin/bots/${body.bot.id}`);
    expect(botShape.strict().parse(body.bot)).toMatchObject({ username, displayName: username, kind: "bot", role: "member" });
    expect(body.token).toMatch(/^crb_[\w-]{43}$/);
    const [token] = body.bot.tokens;
    const month = new Date(token?.expiresAt ?? 0).getTime() - new Date(token?.createdAt ?? 0).getTime();
    expect(month).toBe(30 * 86_400_000);
    const { rows } = await database.pool.query("SELECT t.*, s.* FROM api_tokens t JOIN sessions s ON s.id = t.session_id");
    expect(JSON.stringify(rows)).not.toContain(body.token.slice(4));
    expect((await rest.get("/api/admin/bots")).text).not.toContain("crb_");
    expect(await entriesOf(body.bot.id)).toMatchObject([
      { action: "bot_created", actorId: admin.id },
      { action: "bot_token_created", actorId: admin.id },
    ]);
  });

  it("lists bots newest first, with the last use of their tokens", async () => {
    const { body } = await rest.get<{ items: BotDto[]; nextCursor: string | null }>("/api/admin/bots?limit=1");
    expect(body.items).toEqual([made.bot]);
    expect(made.bot.tokens).toMatchObject([{ name: "first", lastUsedAt: null, expiresAt: null }]);
    expect((await call(made.token)).status).toBe(200);
    await expect
      .poll(async () => (await rest.get<{ items: BotDto[] }>("/api/admin/bots?limit=1")).body.items[0]?.tokens[0]?.lastUsedAt)
      .not.toBeNull();
    const next = await rest.get<{ items: BotDto[] }>(`/api/admin/bots?cursor=${body.nextCursor}`);
    expect(next.body.items.map(({ id }) => id)).not.toContain(made.bot.id);
    expectError(await rest.get("/api/admin/bots?cursor=nonsense"), 400, "invalid_input");
  });

  it("rotates a bot's token without downtime: both are valid until the old one is revoked", async () => {
    const answer = await rest.post<NewApiTokenDto>(`/api/admin/bots/${made.bot.id}/tokens`, { name: "second" });
    expect(answer.status).toBe(201);
    const second = newApiToken.strict().parse(answer.body);
    expect(answer.headers.location).toBe(`/api/admin/bots/${made.bot.id}/tokens/${second.id}`);
    expect([(await call(made.token)).status, (await call(second.token)).status]).toEqual([200, 200]);
    expect((await rest.call("DELETE", `/api/admin/bots/${made.bot.id}/tokens/${made.bot.tokens[0]?.id}`)).status).toBe(204);
    expectError(await call(made.token), 401, "session_revoked");
    expect((await call(second.token)).status).toBe(200);
    expectError(await rest.call("DELETE", `/api/admin/bots/${made.bot.id}/tokens/${made.bot.tokens[0]?.id}`), 404, "not_found");
    expect((await entriesOf(made.bot.id)).at(-1)).toMatchObject({ action: "bot_token_revoked", actorId: admin.id });
  });

  it("deletes a bot: its tokens are revoked, its messages remain, and its name stays taken", async () => {
    const roomId = await makeRoom(app.services);
    expect((await as(made.token).post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text: "hello" })).status).toBe(
      201,
    );
    expect((await rest.call("DELETE", `/api/admin/bots/${made.bot.id}`)).status).toBe(204);
    expectError(await call(made.token), 401, "session_revoked");
    expect((await rest.get<{ items: BotDto[] }>("/api/admin/bots?limit=100")).body.items.map(({ id }) => id)).not.toContain(made.bot.id);
    const { body } = await rest.get<{ items: object[] }>(`/api/chatroom/rooms/${roomId}/messages`);
    expect(body.items).toMatchObject([{ text: "hello", author: { displayName: "Echo" } }]);
    expect((await rest.get<{ items: object[] }>(`/api/users?query=${made.bot.username}`)).body.items).toEqual([]);
    expectError(await rest.post("/api/admin/bots", { username: made.bot.username }), 409, "name_taken");
    for (const path of ["", "/tokens"]) {
      const method = path === "" ? "DELETE" : "POST";
      expectError(
        await rest.call(method, `/api/admin/bots/${made.bot.id}${path}`, { json: path === "" ? {} : { name: "x" } }),
        404,
        "not_found",
      );
    }
  });

  it("cannot create tokens for human users", async () => {
    for (const person of [await makeMember(app.services), await makeGuest(app.services), admin]) {
      expectError(await rest.post(`/api/admin/bots/${person.id}/tokens`, { name: "x" }), 404, "not_found");
      expectError(await rest.call("DELETE", `/api/admin/bots/${person.id}`), 404, "not_found");
      expectError(await rest.call("DELETE", `/api/admin/bots/${person.id}/tokens/${person.sessionId}`), 404, "not_found");
      expect((await call(person.token)).status).toBe(200);
    }
  });

  it("cannot create bots after losing the role", async () => {
    const former = await makeMember(app.services, { role: "admin", isProven: true });
    expect((await call(former.token)).status).toBe(200);
    await database.db.user.update({ where: { id: former.id }, data: { role: "member" } });
    expectError(await as(former.token).post("/api/admin/bots", { username: named() }), 403, "forbidden");
  });
});

describe("bot", () => {
  it("sends and receives messages as a bot, over REST and socket", async () => {
    const roomId = await makeRoom(app.services, { accessLevel: "registered" });
    const ann = await makeMember(app.services);
    const reader = await connect(app.url, ann.token);
    const bot = await connect(app.url, made.token);
    await reader.command("join_room", { roomId });
    await bot.command("join_room", { roomId });
    await bot.command("send_message", textFor(roomId));
    const sent = await as(made.token).post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text: "hello" });
    expect(sent.body).toMatchObject({ author: { id: made.bot.id, kind: "bot", role: "member" } });
    await reader.nextEvent("messages_changed", ({ messages }) => messages.some((one) => "text" in one && one.text === "hello"));
    expect(await storedMessages(database.pool, roomId)).toHaveLength(2);
    // Sending the same token again extends the socket.
    expect(await bot.ask("renew_token", { token: made.token })).toMatchObject({ ok: true });
    expect(await bot.ask("renew_token", { token: ann.token })).toMatchObject({ ok: false, error: { code: "unauthenticated" } });
    for (const live of [reader, bot]) live.close();
  });

  it("is disconnected on every node when its token is revoked, and cannot reconnect", async () => {
    const roomId = await makeRoom(app.services);
    const here = await connect(app.url, made.token);
    const there = await connect(other.url, made.token);
    for (const live of [here, there]) await live.command("join_room", { roomId });
    await rest.call("DELETE", `/api/admin/bots/${made.bot.id}/tokens/${made.bot.tokens[0]?.id}`);
    await Promise.all([here.nextEvent("session_ended"), there.nextEvent("session_ended")]);
    await Promise.all([here.ended(), there.ended()]);
    for (const node of [app, other]) {
      expectError(await call(made.token, node), 401, "session_revoked");
      await expect(connect(node.url, made.token)).rejects.toBeInstanceOf(RejectedError);
    }
  });

  it("is rejected by every account management endpoint", async () => {
    const bot = as(made.token);
    const closed = (Object.entries(operations) as [OperationName, Operation][]).filter(
      ([, one]) => one.caller === "csrf" || one.isForPeople,
    );
    expect(closed.length).toBeGreaterThan(30);
    for (const [name, { method, path }] of closed) {
      const answer = await bot.call(method.toUpperCase(), path.replace(/:\w+/g, newId), method === "get" ? {} : { json: {} });
      expect({ name, status: answer.status, body: answer.body }).toMatchObject({ name, status: 403, body: { code: "forbidden" } });
    }
    for (const path of ["/api/admin/bots", `/api/admin/users/${made.bot.id}/role`])
      expectError(
        await bot.call(path.endsWith("role") ? "PUT" : "GET", path, path.endsWith("role") ? { json: { role: "admin" } } : {}),
        403,
        "forbidden",
      );
    const { body } = await bot.get<{ permissions: string[]; kind: string }>("/api/auth/me");
    expect(body.kind).toBe("bot");
    expect(body.permissions).toEqual(["enter_open_rooms", "enter_registered_rooms", "send_text", "send_links", "report"]);
  });
});

describe("invalid API token", () => {
  it.each<[string, (token: string) => string]>([
    ["a guess", () => `crb_${"A".repeat(43)}`],
    ["one with a letter changed", (token) => `${token.slice(0, -2)}${token.at(-2) === "A" ? "B" : "A"}${token.at(-1)}`],
    ["the prefix", () => "crb_"],
    ["one without its prefix", (token) => token.slice(4)],
    ["one that goes on", (token) => `${token}A`],
    ["its hash", () => `crb_${"0".repeat(64)}`],
  ])("%s is rejected by REST and socket", async (_name, change) => {
    expectError(await call(change(made.token)), 401, "unauthenticated");
    await expect(connect(app.url, change(made.token))).rejects.toMatchObject({ problem: { code: "unauthenticated" } });
  });

  it("counts against the rate limit of its address, which bounds guessing", async () => {
    const { headers: first } = await call("crb_guess");
    const { headers: second } = await call("crb_guess");
    expect(Number(first["ratelimit-remaining"]) - Number(second["ratelimit-remaining"])).toBe(1);
  });

  it("includes one sent in an address or a cookie", async () => {
    const nobody = createRest(app.url);
    for (const name of ["token", "access_token"])
      expectError(await nobody.get(`/api/auth/me?${name}=${made.token}`), 401, "unauthenticated");
    for (const cookie of [`token=${made.token}`, `refresh_token=${made.token}`])
      expectError(await nobody.get("/api/auth/me", { headers: { cookie } }), 401, "unauthenticated");
    nobody.cookies.set("refresh_token", made.token);
    expectError(await nobody.prove("/api/auth/refresh"), 401, "unauthenticated");
  });

  it("includes an expired one", async () => {
    const { body } = await rest.post<NewApiTokenDto>(`/api/admin/bots/${made.bot.id}/tokens`, { name: "short", expiresInDays: 1 });
    expect((await call(body.token)).status).toBe(200);
    await database.pool.query("UPDATE sessions s SET expires_at = now() FROM api_tokens t WHERE t.session_id = s.id AND t.id = $1", [
      body.id,
    ]);
    await expect.poll(async () => (await call(body.token)).status, { timeout: 2_000 }).toBe(401);
  });
});
