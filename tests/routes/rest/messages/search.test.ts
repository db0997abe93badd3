import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { tombstoneMessagesOf } from "../../../../services/messages/changes/bulk-delete.ts";
import { editMessage } from "../../../../services/messages/changes/edit.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import type { FoundMessageDto } from "../../../../utils/contract/schemas/search.ts";
import { newId } from "../../../../utils/ids.ts";
import { bootApp } from "../../../support/app.ts";
import { type Answer, createRest, type Rest } from "../../../support/client.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { expectError } from "../../../support/expect.ts";
import { draftFor, makeConversation, makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

type Query = Record<string, string>;
type Found = Page<FoundMessageDto>;

let ann: Person;
let bob: Person;
let rest: Rest;

const { app, database } = await appForFile();

beforeAll(async () => {
  [ann, bob] = [await makeMember(app.services), await makeGuest(app.services)];
  rest = createRest(app.url);
});

const ask = (query: Query | string, who: Person = ann): Promise<Answer<Found>> => {
  rest.token = who.token;
  return rest.get<Found>(`/api/chatroom/search?${new URLSearchParams(query)}`);
};

const find = async (query: Query, who: Person = ann): Promise<FoundMessageDto[]> => {
  const { status, body } = await ask(query, who);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.items;
};

const texts = async (query: Query, who: Person = ann): Promise<string[]> => (await find(query, who)).map(({ text }) => text);

const say = (roomId: string, text: string, who: Person = ann) => app.services.messageWriter.write(draftFor(roomId, who, { text }));

/** Allows more than the guaranteed two seconds, because the machine may be busy. */
const soon = { timeout: 15_000, interval: 50 };

/** Waits until the index contains all messages of a room. */
const indexed = (roomId: string): Promise<void> =>
  vi.waitFor(async () => {
    const { rows } = await database.pool.query<{ left: number }>(
      "SELECT r.last_seq - coalesce(p.seq, 0) AS left FROM rooms r LEFT JOIN search_progress p ON p.room_id = r.id WHERE r.id = $1",
      [roomId],
    );
    expect(rows[0]?.left).toBe(0);
  }, soon);

describe("searching for a message", () => {
  it("finds it soon after it was sent, with the highlights in its text", async () => {
    const roomId = await makeRoom(app.services);
    const sent = await say(roomId, "The old lighthouse is <b>open</b> today");
    await vi.waitFor(async () => expect(await texts({ q: "LIGHTHOUSES open", roomId })).toHaveLength(1), soon);
    const [item] = await find({ q: "lighthouses open", roomId });
    expect(item).toMatchObject({ ...sent, excerpt: sent.text });
    expect(item?.highlights.map(({ start, end }) => item.excerpt.slice(start, end))).toEqual(["lighthouse", "open"]);
  });

  it("finds the new text and not the old one after an edit, and nothing after a deletion", async () => {
    const roomId = await makeRoom(app.services);
    const { id } = await say(roomId, "a walrus by the sea");
    await vi.waitFor(async () => expect(await texts({ q: "walrus", roomId })).toHaveLength(1), soon);
    await editMessage(ctxOf(app.services, ann), { messageId: id, text: "a penguin by the sea" });
    expect(await texts({ q: "walrus", roomId })).toEqual([]);
    await vi.waitFor(async () => expect(await texts({ q: "penguin", roomId })).toHaveLength(1), soon);
    await tombstoneMessagesOf(app.services, { authorId: ann.id, roomId });
    expect(await texts({ q: "penguin", roomId })).toEqual([]);
    await vi.waitFor(async () => {
      const { rowCount } = await database.pool.query("SELECT FROM message_search WHERE message_id = $1", [id]);
      expect(rowCount).toBe(0);
    }, soon);
  });

  it("does not find one that is pending review or was removed", async () => {
    const roomId = await makeRoom(app.services);
    const { id } = await say(roomId, "an unwelcome zebra");
    await vi.waitFor(async () => expect(await texts({ q: "zebra", roomId })).toHaveLength(1), soon);
    await database.pool.query("UPDATE messages SET moderation = 'removed' WHERE id = $1", [id]);
    expect(await texts({ q: "zebra", roomId })).toEqual([]);
  });
});

describe("search permissions", () => {
  it("exclude conversations that the caller is not in, or not any more", async () => {
    const eve = await makeMember(app.services);
    const roomId = await makeConversation(app.services, [ann, eve]);
    await say(roomId, "the secret of the marzipan");
    await vi.waitFor(async () => expect(await texts({ q: "marzipan" }, eve)).toHaveLength(1), soon);
    expect(await texts({ q: "marzipan" }, bob)).toEqual([]);
    expectError(await ask({ q: "marzipan", roomId }, bob), 404, "not_found");
    await database.db.roomMember.deleteMany({ where: { roomId, userId: eve.id } });
    expect(await texts({ q: "marzipan" }, eve)).toEqual([]);
    expectError(await ask({ q: "marzipan", roomId }, eve), 404, "not_found");
    expect(await texts({ q: "marzipan" }, ann)).toHaveLength(1);
  });

  it("exclude lounges that are closed to the caller", async () => {
    const member = await makeMember(app.services);
    const loungeId = await makeLounge(app.services, { accessLevel: "registered" });
    const roomId = await makeRoom(app.services, { loungeId });
    await say(roomId, "members talk of gooseberries");
    await vi.waitFor(async () => expect(await texts({ q: "gooseberry" }, member)).toHaveLength(1), soon);
    expect(await texts({ q: "gooseberry" }, bob)).toEqual([]);
    expectError(await ask({ q: "gooseberry", roomId }, bob), 403, "room_requires_account");
    await database.db.lounge.update({ where: { id: loungeId }, data: { isActive: false } });
    app.services.rooms.forget(roomId);
    expect(await texts({ q: "gooseberry" }, member)).toEqual([]);
  });

  it("work with very many conversations", async () => {
    const busy = await makeMember(app.services);
    const first = await makeConversation(app.services, [busy]);
    const others = await makeConversation(app.services, [ann]);
    await database.pool.query(
      `WITH made AS (INSERT INTO rooms (id, kind, name) SELECT gen_random_uuid(), 'group', 'One of many' FROM generate_series(1, 210) RETURNING id)
      INSERT INTO room_members (room_id, user_id) SELECT id, $1 FROM made`,
      [busy.id],
    );
    await say(first, "a quince among friends");
    await say(others, "a quince among others");
    await indexed(first);
    await indexed(others);
    expect(await texts({ q: "quince" }, busy)).toEqual(["a quince among friends"]);
  });
});

describe("search filters", () => {
  let roomId: string;
  const day = (days: number): string => new Date(Date.UTC(2024, 0, 1 + days, 12)).toISOString();

  beforeAll(async () => {
    roomId = await makeRoom(app.services);
    const said = [
      await say(roomId, "first apricot"),
      await say(roomId, "second apricot, see https://example.org/a_b%20c"),
      await say(roomId, "third apricot", bob),
    ];
    for (const [days, { id }] of said.entries())
      await database.pool.query("UPDATE messages SET created_at = $2 WHERE id = $1", [id, day(days)]);
    await indexed(roomId);
    await database.pool.query("UPDATE search_progress SET seq = 0 WHERE room_id = $1", [roomId]);
    app.services.searchIndex.enqueue(roomId);
    await indexed(roomId);
  });

  it.each<[string, () => Query, string[]]>([
    ["by nothing but the room", () => ({}), ["third", "second", "first"]],
    ["by author", () => ({ authorId: bob.id }), ["third"]],
    ["by a link", () => ({ has: "link" }), ["second"]],
    ["by an attachment", () => ({ has: "attachment" }), []],
    ["from a moment", () => ({ from: day(1) }), ["third", "second"]],
    ["to a moment", () => ({ to: day(1) }), ["second", "first"]],
    ["within a day", () => ({ from: "2024-01-02", to: "2024-01-02" }), ["second"]],
    ["with another offset", () => ({ from: "2024-01-03T13:00:00+01:00" }), ["third"]],
    ["before everything", () => ({ to: "0001-01-01" }), []],
    ["after everything", () => ({ from: "9999-12-31" }), []],
    ["by all of them", () => ({ q: "apricots", authorId: ann.id, from: day(0), to: day(2), has: "link" }), ["second"]],
  ])("%s", async (_, query, wanted) => {
    expect((await texts({ roomId, ...query() })).map((text) => text.split(" ")[0])).toEqual(wanted);
  });

  it.each<[string, Query]>([
    ["nothing at all", {}],
    ["only spaces", { q: "  " }],
    ["NUL", { q: "a\0b" }],
    ["a very long question", { q: "a".repeat(301) }],
    ["a limit of a billion", { q: "a", limit: "1e9" }],
    ["a limit of 101", { q: "a", limit: "101" }],
    ["a made-up cursor", { q: "a", cursor: "1.2" }],
    ["a cursor with SQL in it", { q: "a", cursor: "1.00000000-0000-0000-0000-000000000000'::uuid" }],
    ["a day that is none", { q: "a", from: "2024-02-31" }],
    ["something else to have", { q: "a", has: "image" }],
    ["an operator object", { "q[contains]": "a" }],
    ["an unknown filter", { q: "a", sort: "seq" }],
    ["a room that is no id", { q: "a", roomId: "*" }],
  ])("reject %s", async (_, query) => {
    expectError(await ask(query), 400, "invalid_input");
  });
});

describe("search query", () => {
  let roomId: string;

  beforeAll(async () => {
    roomId = await makeRoom(app.services);
    for (const text of ["foo bar", "foo baz", "100 percent", "axxb", "snake_case", "it's"]) await say(roomId, text);
    await indexed(roomId);
  });

  it.each<[string, string[]]>([
    ["foo & bar", ["foo bar"]],
    ["foo | bar", ["foo bar"]],
    ["!foo", ["foo baz", "foo bar"]],
    ["foo -bar", ["foo bar"]],
    ["'foo':*", ["foo baz", "foo bar"]],
    ['"bar foo"', ["foo bar"]],
    ["a%b", []],
    ["a_b", []],
    ["fo*", []],
    ["%", []],
    ["\\", []],
    ["snake_case", ["snake_case"]],
    ["it's", ["it's"]],
    ["100%", ["100 percent"]],
  ])("%s is treated as plain terms", async (q, wanted) => {
    expect(await texts({ q, roomId })).toEqual(wanted);
  });

  it("of arbitrary characters gets a response", async () => {
    const syntax = fc.array(fc.constantFrom(..."&|!<->():*'\"\\%_ab٣ก漢字🎉\u0301\u200d\u{1f1e6}{}[]^$;-/<@>".split(""), "foo", " "), {
      minLength: 1,
      maxLength: 40,
    });
    const anything = fc.oneof(
      syntax.map((parts) => parts.join("")),
      fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
    );
    const wellFormed = anything.filter((q) => q.isWellFormed() && !q.includes("\0") && q.trim() !== "" && q.length <= 300);
    await fc.assert(
      fc.asyncProperty(wellFormed, async (q) => {
        const { status, body } = await ask({ q });
        expect({ status, body }).toMatchObject({ status: 200, body: { items: expect.any(Array) } });
      }),
      { numRuns: 150 },
    );
  });
});

it("returns all pages without gaps or duplicates while messages are added", async () => {
  const roomId = await makeRoom(app.services);
  const sent = await Promise.all(Array.from({ length: 30 }, (_, n) => say(roomId, `plum ${n}`)));
  await indexed(roomId);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const { body }: Answer<Found> = await ask({ q: "plums", roomId, limit: "7", ...(cursor !== null && { cursor }) });
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
    await say(roomId, "one more plum");
    await indexed(roomId);
  } while (cursor !== null);
  expect(new Set(seen).size).toBe(seen.length);
  expect([...seen].sort()).toEqual(sent.map(({ id }) => id).sort());
});

it("has its own rate limit", async () => {
  const strict = await bootApp({ database: database.url, limitsScale: 1 });
  try {
    const one = createRest(strict.url);
    one.token = (await makeMember(strict.services)).token;
    const asked = () => one.get(`/api/chatroom/search?q=${newId()}`);
    for (let n = 0; n < 30; n += 1) expect((await asked()).status).toBe(200);
    expectError(await asked(), 429, "rate_limited");
    expect((await one.get("/api/chatroom/lounges")).status).toBe(200);
  } finally {
    await strict.close();
  }
});
