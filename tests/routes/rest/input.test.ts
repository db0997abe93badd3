import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { createRest, type Raw, type Rest } from "../../support/client.ts";
import { expectError } from "../../support/expect.ts";
import { lastSeqOf, makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

let ann: Person;
let rest: Rest;
let roomId: string;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services, { displayName: "Ann" });
  rest = Object.assign(createRest(app.url), { token: ann.token });
  roomId = await makeRoom(app.services);
});

const messagesPath = (): string => `/api/chatroom/rooms/${roomId}/messages`;
const good = () => ({ clientMessageId: newId(), text: "hello" });

/** Checks that nothing was stored and no user was changed. */
async function expectNothingChanged(): Promise<void> {
  expect(await storedMessages(database.pool, roomId)).toEqual([]);
  expect(await lastSeqOf(database.pool, roomId)).toBe(0);
  const { rows } = await database.pool.query("SELECT kind, role, display_name, username FROM users WHERE id = $1", [ann.id]);
  expect(rows).toEqual([{ kind: "guest", role: "guest", display_name: "Ann", username: null }]);
}

describe("message body", () => {
  it.each<[string, Record<string, unknown>]>([
    ["a role", { role: "admin" }],
    ["a kind", { kind: "member" }],
    ["a number of its own", { seq: 1 }],
    ["a changed number", { changedSeq: 1 }],
    ["an author", { authorId: newId() }],
    ["a whole author", { author: { id: newId() } }],
    ["a time", { createdAt: "2000-01-01T00:00:00.000Z" }],
    ["a status", { status: "approved" }],
    ["a moderation", { moderation: "approved" }],
    ["an id", { id: newId() }],
    ["a verified flag", { verified: true, isAdmin: true, balance: 1 }],
    ["a constructor", { constructor: { prototype: { role: "admin" } } }],
    ["a text that is a number", { text: 7 }],
    ["a text that is a list", { text: ["hello"] }],
    ["a text that is an operator", { text: { contains: "" } }],
    ["a text that is null", { text: null }],
    ["a text with NUL", { text: "a\0b" }],
    ["a text with half a character", { text: "a\uD83Db" }],
    ["a key that is an operator", { clientMessageId: { not: "" } }],
    ["a key that is a list", { clientMessageId: [newId()] }],
    ["a key that is no UUID", { clientMessageId: "1" }],
    ["a key that is a number", { clientMessageId: 1 }],
    ["no key", { clientMessageId: undefined }],
  ])("with %s is rejected and changes nothing", async (_, over) => {
    const { errors } = expectError(await rest.post(messagesPath(), { ...good(), ...over }), 400, "invalid_input");
    expect(errors?.[0]).toMatchObject({ path: Object.keys(over)[0], message: expect.any(String) as string });
    await expectNothingChanged();
  });

  it.each(["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])(
    "with a key named %s in the JSON text is rejected and changes no object",
    async (name) => {
      const bytes = `{"clientMessageId":"${newId()}","text":"hello","${name}":{"role":"admin","isAdmin":true}}`;
      expectError(await rest.post(messagesPath(), undefined, { raw: { type: "application/json", bytes } }), 400, "invalid_input");
      expect(Reflect.get({}, "isAdmin")).toBeUndefined();
      await expectNothingChanged();
    },
  );

  it.each<[string, Raw, number, "invalid_input" | "unsupported_media_type" | "body_too_large"]>([
    ["broken JSON", { type: "application/json", bytes: '{"text":' }, 400, "invalid_input"],
    ["a bare word", { type: "application/json", bytes: "hello" }, 400, "invalid_input"],
    ["a JSON text", { type: "application/json", bytes: '"hello"' }, 400, "invalid_input"],
    ["null", { type: "application/json", bytes: "null" }, 400, "invalid_input"],
    ["an empty list", { type: "application/json", bytes: "[]" }, 400, "invalid_input"],
    ["a list of messages", { type: "application/json", bytes: JSON.stringify([good()]) }, 400, "invalid_input"],
    ["bytes that are no UTF-8 and no JSON", { type: "application/json", bytes: Buffer.from([0xff, 0xfe, 0x00]) }, 400, "invalid_input"],
    ["JSON as text/plain", { type: "text/plain", bytes: JSON.stringify(good()) }, 415, "unsupported_media_type"],
    ["JSON as no type", { bytes: JSON.stringify(good()) }, 415, "unsupported_media_type"],
    ["a form", { type: "application/x-www-form-urlencoded", bytes: "text=hello" }, 415, "unsupported_media_type"],
    ["a multipart form", { type: "multipart/form-data; boundary=x", bytes: "--x--" }, 415, "unsupported_media_type"],
    ["another charset", { type: "application/json; charset=iso-8859-1", bytes: JSON.stringify(good()) }, 415, "unsupported_media_type"],
    [
      "64 KiB and more",
      { type: "application/json", bytes: JSON.stringify({ ...good(), text: "a".repeat(65_536) }) },
      413,
      "body_too_large",
    ],
    ["16 MiB", { type: "application/json", bytes: Buffer.alloc(16 * 1024 * 1024, 32) }, 413, "body_too_large"],
    ["a depth of 30,000", { type: "application/json", bytes: `${"[".repeat(30_000)}${"]".repeat(30_000)}` }, 400, "invalid_input"],
  ])("of %s is rejected", async (_, raw, status, code) => {
    const answer = await rest.post(messagesPath(), undefined, { raw }).catch((error: NodeJS.ErrnoException) => error);
    // The server may disconnect while a far too large body is still being sent.
    if (answer instanceof Error) expect([status, ["ECONNRESET", "EPIPE"].includes(answer.code ?? "")]).toEqual([413, true]);
    else expectError(answer, status, code);
    await expectNothingChanged();
  });

  it("compressed with gzip is rejected, so that no zip bomb is unpacked", async () => {
    const bytes = gzipSync(JSON.stringify({ ...good(), text: "a".repeat(40_000_000) }));
    const answer = await rest.post(messagesPath(), undefined, {
      raw: { type: "application/json", bytes },
      headers: { "content-encoding": "gzip" },
    });
    expectError(answer, 415, "unsupported_media_type");
    await expectNothingChanged();
  });

  it("of exactly 64 KiB is accepted", async () => {
    const rest64 = { ...good(), text: "é" };
    const bytes = JSON.stringify(rest64).padEnd(65_535, " ");
    const answer = await rest.post<{ seq: number }>(messagesPath(), undefined, { raw: { type: "application/json", bytes } });
    expect(answer).toMatchObject({ status: 201, body: { seq: 1 }, headers: { location: `${messagesPath()}?around=1` } });
    await database.pool.query("DELETE FROM messages WHERE room_id = $1", [roomId]);
    await database.pool.query("UPDATE rooms SET last_seq = 0 WHERE id = $1", [roomId]);
  });
});

describe("id in a path", () => {
  it.each([
    "1",
    "null",
    "undefined",
    "..%2F..",
    "%00",
    "%F0%9F%92%A9",
    "' OR 1=1 --",
    "a".repeat(8_000),
    "00000000-0000-0000-0000-00000000000g",
    "*",
  ])("%j is rejected", async (bad) => {
    const answer = await rest.get(`/api/chatroom/rooms/${encodeURI(bad).replaceAll("%25", "%")}`);
    expectError(answer, 400, "invalid_input");
  });

  it("with invalid percent-encoding is rejected", async () => {
    expectError(await rest.get("/api/chatroom/rooms/%E0%A4%A"), 400, "invalid_input");
  });

  it("that does not exist responds with not_found, like one that is not visible", async () => {
    const conversation = await database.db.room.create({ data: { kind: "group", name: "Others" } });
    const unreal = await rest.get(`/api/chatroom/rooms/${newId()}`);
    const unseen = await rest.get(`/api/chatroom/rooms/${conversation.id}`);
    expect({ ...expectError(unreal, 404, "not_found"), requestId: "" }).toEqual({
      ...expectError(unseen, 404, "not_found"),
      requestId: "",
    });
  });
});

describe("list query", () => {
  it.each([
    "limit=0",
    "limit=101",
    "limit=1e9",
    "limit=-1",
    "limit=abc",
    "limit=",
    "limit=5&limit=6",
    "limit[]=5",
    "limit[gt]=5",
    "cursor=",
    "cursor=x",
    "cursor=b",
    "cursor=b1;DROP",
    "cursor=%00",
    "before=-1",
    "before=1.5",
    "before=99999999999999999999",
    "before=1&after=1",
    "cursor=b1&around=1",
    "sort=text",
    "orderBy=author",
    "__proto__=1",
    "constructor=1",
    `cursor=${"b".repeat(4_000)}`,
  ])("%s is rejected", async (query) => {
    expectError(await rest.get(`${messagesPath()}?${query}`), 400, "invalid_input");
  });

  it.each(["cursor=%00", "cursor=1.%F0%9F%98%80", "cursor=0", "cursor=999999999999.x", "limit=1000", "q=x"])(
    "%s is rejected by the list of lounges",
    async (query) => {
      expectError(await rest.get(`/api/chatroom/lounges?${query}`), 400, "invalid_input");
    },
  );

  it.each(["cursor=%00", "cursor='%20OR%201", "cursor=%25"])(
    "%s is rejected by the rooms of a lounge and the members of a room",
    async (query) => {
      const { loungeId } = await database.db.room.findUniqueOrThrow({ where: { id: roomId } });
      expectError(await rest.get(`/api/chatroom/lounges/${loungeId}/rooms?${query}`), 400, "invalid_input");
      expectError(await rest.get(`/api/chatroom/rooms/${roomId}/members?${query}`), 400, "invalid_input");
    },
  );
});
