import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { purgeGuests } from "../../../../services/guests/purge-guests.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { SentMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { type LoungePreviewsDto, loungePreviews, type RoomPreviewDto, roomPreview } from "../../../../utils/contract/schemas/previews.ts";
import { newId } from "../../../../utils/ids.ts";
import { bootApp } from "../../../support/app.ts";
import { type Answer, createRest, send } from "../../../support/client.ts";
import { restOf, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeConversation, makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { fillRoom } from "../../../support/texts/many-messages.ts";

let ann: Person;
let roomId: string;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  [ann, roomId] = [await makeMember(app.services, { displayName: "Ann" }), await makeRoom(app.services)];
});

afterEach(hangUp);

const say = async (text: string, { person = ann, to = roomId } = {}): Promise<SentMessageDto> => {
  const answer = await restOf(app, person).post<SentMessageDto>(`/api/chatroom/rooms/${to}/messages`, { clientMessageId: newId(), text });
  expect(answer.status).toBe(201);
  return answer.body;
};

const ask = (id = roomId, person?: Person): Promise<Answer<RoomPreviewDto>> =>
  (person ? restOf(app, person) : createRest(app.url)).get(`/api/chatroom/rooms/${id}/preview`);

/** Returns the preview of a room as a visitor sees it, validated against the contract. */
const shown = async (person?: Person): Promise<RoomPreviewDto> => roomPreview.strict().parse((await ask(roomId, person)).body);
const texts = async (person?: Person): Promise<string[]> => (await shown(person)).messages.map(({ text }) => text);

const askLounges = (person?: Person): Promise<Answer<LoungePreviewsDto>> =>
  (person ? restOf(app, person) : createRest(app.url)).get("/api/chatroom/previews");

/** Returns the preview of a lounge with an empty cache. */
const lineOfLounge = async (loungeId: string, person?: Person) => {
  app.services.lounges.forget();
  app.services.previews.invalidate(roomId);
  const { items } = loungePreviews.strict().parse((await askLounges(person)).body);
  return items.find((one) => one.loungeId === loungeId);
};

describe("room preview", () => {
  it("returns the five newest messages of an open room to a plain HTTP client, oldest first, and sets no cookie", async () => {
    for (const text of ["one", "two", "three", "four", "five", "six"]) await say(text);
    const answer = await send(`${app.url}/api/chatroom/rooms/${roomId}/preview`, "GET");
    expect(answer.status).toBe(200);
    const preview = roomPreview.strict().parse(answer.body);
    expect(preview).toMatchObject({ room: { id: roomId, lastSeq: 6, onlineCount: 0 }, onlineCount: 0 });
    expect(preview.messages.map(({ text }) => text)).toEqual(["two", "three", "four", "five", "six"]);
    expect(preview.messages[0]).toMatchObject({ seq: 2, author: { displayName: "Ann", kind: "member" } });
    expect(answer.headers["set-cookie"]).toBeUndefined();
    // Others' messages may be deleted at any moment, so no cache may store them.
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(answer.headers["ratelimit-remaining"]).toBeDefined();
  });

  it("contains no ids of users or messages", async () => {
    const { id } = await say("hello");
    const { text } = await ask();
    expect(text).not.toContain(ann.id);
    expect(text).not.toContain(id);
  });

  it("is empty, without an error, for a room without messages", async () => {
    expect(await shown()).toMatchObject({ onlineCount: 0, messages: [] });
  });

  it("omits a deleted message from the next response, and includes the older one instead", async () => {
    for (const text of ["one", "two", "three", "four", "five", "six"]) await say(text);
    const { id } = await say("regretted");
    expect(await texts()).toContain("regretted");
    await restOf(app, ann).call("DELETE", `/api/chatroom/messages/${id}`);
    expect(await texts()).toEqual(["two", "three", "four", "five", "six"]);
  });

  it.each([
    ["is pending review", "UPDATE messages SET moderation = 'pending', seq = NULL, changed_seq = NULL WHERE id = $1"],
    ["was rejected in review", "UPDATE messages SET moderation = 'removed', seq = NULL, changed_seq = NULL WHERE id = $1"],
    ["was removed by moderation", "UPDATE messages SET moderation = 'removed' WHERE id = $1"],
  ])("omits a message that %s", async (_what, statement) => {
    await say("fine");
    const { id } = await say("not for everyone");
    await database.pool.query(statement, [id]);
    app.services.previews.invalidate(roomId);
    expect(await texts()).toEqual(["fine"]);
  });

  it("shows the messages of an erased guest as a former guest, and those of a renamed user under the current name", async () => {
    const guest = await makeGuest(app.services, { displayName: "Heron 55" });
    await say("goodbye", { person: guest });
    await say("still here");
    await restOf(app, ann).call("PATCH", "/api/users/me", { json: { displayName: "Ann of Now" } });
    await database.pool.query("UPDATE users SET last_seen_at = now() - interval '25 hours' WHERE id = $1", [guest.id]);
    await database.pool.query("UPDATE sessions SET last_used_at = now() - interval '25 hours' WHERE user_id = $1", [guest.id]);
    await purgeGuests(app.services, { limit: 100 });
    expect((await shown()).messages.map(({ author }) => author.displayName)).toEqual(["Former guest", "Ann of Now"]);
  });

  it("counts the users in the room, except invisible ones", async () => {
    const unseen = await makeMember(app.services);
    await restOf(app, unseen).call("PATCH", "/api/users/me", { json: { privacy: { isInvisible: true } } });
    await (await line(unseen)).command("join_room", { roomId });
    expect((await shown()).onlineCount).toBe(0);
    await (await line(ann)).command("join_room", { roomId });
    expect((await shown()).onlineCount).toBe(1);
  });

  it("omits messages of users whom the signed-in caller has blocked", async () => {
    const ben = await makeMember(app.services);
    await say("from Ann");
    await say("from Ben", { person: ben });
    expect((await restOf(app, ann).call("PUT", `/api/users/me/blocks/${ben.id}`)).status).toBe(204);
    expect(await texts(ann)).toEqual(["from Ann"]);
    expect(await texts()).toEqual(["from Ann", "from Ben"]);
  });

  it("shows one short line of plain text: display names, no Markdown, no control or direction characters", async () => {
    const ben = await makeMember(app.services, { displayName: "Ben Okri" });
    await say("> only a quotation");
    await say(`> somebody else\n\n**Hello** <@${ben.id}>,\n- look at [the map](https://maps.example/) and \`this\``);
    await say("```js\nconst a = 2 * 3;\n```");
    await say("a\u202Eb\u2066c\tsnake_case 2 * 3 *so* <b>bold</b>");
    await say("word ".repeat(700));
    const [quotation, first, code, odd, long = ""] = await texts();
    expect([quotation, first, code, odd]).toEqual([
      "only a quotation",
      "Hello @Ben Okri, look at the map and this",
      "const a = 2 * 3;",
      "a b c snake_case 2 * 3 so <b>bold</b>",
    ]);
    expect([...long].length).toBeLessThanOrEqual(limits.excerptGraphemes + 1);
  });

  it("reads back only to its maximum depth, which bounds the cost in a room full of deleted messages", async () => {
    await say("long ago");
    await fillRoom(database.pool, { roomId, authorIds: [ann.id], amount: limits.previewDepth });
    await database.pool.query("UPDATE messages SET deleted_at = now(), text = '', reply_to_id = NULL WHERE room_id = $1 AND seq > 1", [
      roomId,
    ]);
    expect(await texts()).toEqual([]);
    await database.pool.query("DELETE FROM messages WHERE room_id = $1 AND seq = 2", [roomId]);
    app.services.previews.invalidate(roomId);
    expect(await texts()).toEqual(["long ago"]);
  });

  it.each([
    ["registered", 403, "room_requires_account"],
    ["phone_verified", 403, "room_requires_account"],
    ["age_verified", 403, "room_requires_account"],
    ["private", 404, "not_found"],
  ] as const)("is rejected for a room of a lounge that is %s, for every caller", async (accessLevel, status, code) => {
    const closed = await makeRoom(app.services, { accessLevel });
    const staff = await makeMember(app.services, { role: "admin" });
    for (const person of [undefined, ann, staff]) expectError(await ask(closed, person), status, code);
  });

  it("responds with not_found for an inactive lounge, a conversation of the caller and an unknown room", async () => {
    const conversation = await makeConversation(app.services, [ann]);
    for (const id of [await makeRoom(app.services, { isActive: false }), conversation, newId()])
      expectError(await ask(id, ann), 404, "not_found");
    expectError(await ask("nothing"), 400, "invalid_input");
  });

  it("is unavailable as soon as the lounge is restricted to members, regardless of the node's cache", async () => {
    await say("for everyone");
    expect(await texts()).toEqual(["for everyone"]);
    await database.pool.query("UPDATE lounges SET access_level = 'registered' WHERE id = (SELECT lounge_id FROM rooms WHERE id = $1)", [
      roomId,
    ]);
    app.services.previews.invalidate(roomId);
    expect((await ask()).status).not.toBe(200);
  });
});

describe("lobby previews", () => {
  it("show the last message of the room with the most users, or else of the most recently active room", async () => {
    const loungeId = await makeLounge(app.services);
    const english = await makeRoom(app.services, { loungeId });
    const german = await makeRoom(app.services, { loungeId, languageCode: "de" });
    for (const text of ["one", "two", "hello"]) await say(text, { to: english });
    await say("hallo", { to: german });
    expect(await lineOfLounge(loungeId)).toMatchObject({ roomId: german, message: { text: "hallo", author: { displayName: "Ann" } } });
    await (await line(ann)).command("join_room", { roomId: english });
    expect(await lineOfLounge(loungeId)).toMatchObject({ roomId: english, message: { text: "hello" } });
  });

  it("omit lounges that are not open to everyone or that have no messages", async () => {
    const silent = await makeLounge(app.services);
    await makeRoom(app.services, { loungeId: silent });
    expect(await lineOfLounge(silent)).toBeUndefined();
    for (const accessLevel of ["registered", "phone_verified", "age_verified", "private"] as const) {
      const loungeId = await makeLounge(app.services);
      const to = await makeRoom(app.services, { loungeId });
      await say("hello", { to });
      expect(await lineOfLounge(loungeId)).toBeDefined();
      await database.pool.query("UPDATE lounges SET access_level = $2::access_level WHERE id = $1", [loungeId, accessLevel]);
      app.services.previews.invalidate(to);
      // With the node's cached list from before the change, and with a new one.
      expect((await askLounges(ann)).body.items.map((one) => one.loungeId)).not.toContain(loungeId);
      expect(await lineOfLounge(loungeId, ann)).toBeUndefined();
    }
  });

  it("immediately omit deleted messages, those removed by moderation, and those of users whom the caller has blocked", async () => {
    const loungeId = await makeLounge(app.services);
    const to = await makeRoom(app.services, { loungeId });
    const ben = await makeMember(app.services);
    await say("first", { to, person: ben });
    const { id } = await say("second", { to });
    const third = await say("third", { to });
    // The list of lounges and the previews may be cached for half a second.
    app.services.lounges.forget();
    app.services.previews.invalidate(to);
    expect((await askLounges()).text).toContain("third");
    await restOf(app, ann).call("DELETE", `/api/chatroom/messages/${third.id}`);
    expect((await askLounges()).text).not.toContain("third");
    expect(await lineOfLounge(loungeId)).toMatchObject({ message: { text: "second" } });
    await database.pool.query("UPDATE messages SET moderation = 'removed' WHERE id = $1", [id]);
    expect(await lineOfLounge(loungeId)).toMatchObject({ message: { text: "first" } });
    await restOf(app, ann).call("PUT", `/api/users/me/blocks/${ben.id}`);
    expect(await lineOfLounge(loungeId, ann)).toBeUndefined();
  });

  it("use one statement for all lounges, and few for many concurrent requests; all get the same response", async () => {
    await say("hello");
    app.services.lounges.forget();
    app.services.previews.invalidate(roomId);
    const read = vi.spyOn(app.services.pool, "query");
    const startedAt = performance.now();
    const answers = await Promise.all(Array.from({ length: 200 }, () => askLounges()));
    const names = read.mock.calls.map(([statement]) => (statement as unknown as { name?: string }).name);
    const halfSeconds = Math.ceil((performance.now() - startedAt) / 500);
    read.mockRestore();
    const reads = names.filter((name) => name === "preview-lounges").length;
    expect(reads).toBeGreaterThanOrEqual(1);
    expect(reads).toBeLessThanOrEqual(halfSeconds);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.headers).toMatchObject({ "cache-control": "no-store" });
    expect(answers[0]?.headers["set-cookie"]).toBeUndefined();
  });

  it("are shared by concurrent requests, also for several rooms", async () => {
    const other = await makeRoom(app.services);
    const read = vi.spyOn(app.services.pool, "query");
    const both = [roomId, other].flatMap((id) => Array.from({ length: 50 }, () => app.services.previews.room(id)));
    expect(new Set((await Promise.all(both)).map((preview) => preview?.lastSeq))).toEqual(new Set([0]));
    expect(read).toHaveBeenCalledTimes(1);
    read.mockRestore();
  });
});

describe("preview endpoints", () => {
  it("respond with 405 and the allowed methods to every other method", async () => {
    for (const path of [`/api/chatroom/rooms/${roomId}/preview`, "/api/chatroom/previews"]) {
      for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
        const answer = await send(`${app.url}${path}`, method);
        expectError(answer, 405, "method_not_allowed");
        expect(answer.headers.allow).toBe("GET, HEAD, OPTIONS");
      }
      const head = await new Promise<number | undefined>((resolve, reject) => {
        request(`${app.url}${path}`, { method: "HEAD" }, (answer) => resolve(answer.resume().statusCode))
          .on("error", reject)
          .end();
      });
      expect(head).toBe(200);
    }
  });

  it("have their own limit per address: beyond it visitors get no previews, but still see the lounges", async () => {
    const limited = await bootApp({ database: database.url, limitsScale: 1 });
    const visitor = createRest(limited.url);
    for (let count = 0; count < 30; count += 1) {
      expect((await visitor.get("/api/chatroom/previews")).status).toBe(200);
      expect((await visitor.get(`/api/chatroom/rooms/${roomId}/preview`)).status).toBe(200);
    }
    expectError(await visitor.get("/api/chatroom/previews"), 429, "rate_limited");
    expectError(await visitor.get(`/api/chatroom/rooms/${roomId}/preview`), 429, "rate_limited");
    expect((await visitor.get("/api/chatroom/lounges")).status).toBe(200);
    await limited.close();
  });
});
