import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type CommandName, commands } from "../../../utils/contract/events.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { type TestDatabase, testDatabase } from "../../support/db.ts";
import { expectProblem } from "../../support/expect.ts";
import { lastSeqOf, makeConversation, makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { connect, type Live } from "../../support/sockets.ts";
import { askWire, enterWire, openWire } from "../../support/wire.ts";

let database: TestDatabase;
let app: App;
let ann: Person;
let roomId: string;
let live: Live;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  ann = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

beforeEach(async () => {
  live = await connect(app.url, ann.token);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const good = () => ({ roomId, clientMessageId: newId(), text: "hello" });

function expectRefused(answer: unknown, code: ErrorCode): void {
  expect(answer).toMatchObject({ ok: false, error: { code } });
  expectProblem((answer as { error: unknown }).error, code);
}

async function expectNothingStored(): Promise<void> {
  expect(await storedMessages(database.pool, roomId)).toEqual([]);
  expect(await lastSeqOf(database.pool, roomId)).toBe(0);
}

describe("a command's payload", () => {
  it.each<[string, unknown[]]>([
    ["nothing", []],
    ["null", [null]],
    ["a text", ["hello"]],
    ["a number", [7]],
    ["a list", [[good()]]],
    ["bytes", [Buffer.from("hello")]],
    ["a text that is bytes", [{ ...good(), text: Buffer.from("hello") }]],
    ["a hundred arguments", Array.from({ length: 100 }, () => good())],
    ["two arguments", [good(), good()]],
    ["an operator for a text", [{ ...good(), text: { contains: "" } }]],
    ["a list for a text", [{ ...good(), text: ["a"] }]],
    ["half a character", [{ ...good(), text: "a\uD83Db" }]],
    ["NUL", [{ ...good(), text: "\0" }]],
    ["a role", [{ ...good(), role: "admin" }]],
    ["an author", [{ ...good(), authorId: newId() }]],
    ["a number of its own", [{ ...good(), seq: 1 }]],
    ["a room that is a channel", [{ ...good(), roomId: `room:${roomId}` }]],
    ["a room that is a number", [{ ...good(), roomId: 1 }]],
    ["a room of 20 characters", [{ ...good(), roomId: "abcdefghijklmnopqrst" }]],
  ])("of %s is refused by send_message and stores nothing", async (_, args) => {
    const filled = args.map((arg) =>
      typeof arg === "object" && arg !== null && "roomId" in arg && arg.roomId === undefined ? { ...arg, roomId } : arg,
    );
    expectRefused(await live.emitRaw("send_message", ...filled), "invalid_input");
    await expectNothingStored();
    live.close();
  });

  it.each(Object.keys(commands) as CommandName[])("of nothing, of a stranger's shape and of too much is refused by %s", async (name) => {
    for (const payload of [undefined, null, {}, { roomId: { not: "" } }, { token: 1, roomId, status: "offline" }, [], "x"])
      expectRefused(await live.emitRaw(name, payload), "invalid_input");
    live.close();
  });

  it("with __proto__ or constructor in the JSON itself is refused and changes no object", async () => {
    const wire = await enterWire(app.url, ann.token);
    for (const name of ["__proto__", "constructor"]) {
      wire.send(`421["send_message",{"roomId":"${roomId}","clientMessageId":"${newId()}","text":"x","${name}":{"isAdmin":true}}]`);
      expect(await wire.next((frame) => frame.startsWith("431["))).toContain("invalid_input");
    }
    expect(Reflect.get({}, "isAdmin")).toBeUndefined();
    await expectNothingStored();
    wire.ws.terminate();
  });
});

describe("a room somebody may not enter", () => {
  const doors: [CommandName, (room: string) => object][] = [
    ["join_room", (room) => ({ roomId: room })],
    ["sync_room", (room) => ({ roomId: room, afterSeq: 0 })],
    ["send_message", (room) => ({ ...good(), roomId: room })],
    ["typing_start", (room) => ({ roomId: room })],
  ];

  it.each(doors)("is closed at %s, and says why where the room may be known", async (name, payload) => {
    const [registered, hidden, others, open] = [
      await makeRoom(app.services, { accessLevel: "registered" }),
      await makeRoom(app.services, { accessLevel: "private" }),
      await makeConversation(app.services, []),
      await makeRoom(app.services),
    ];
    expectRefused(await live.emitRaw(name, payload(registered)), "room_requires_account");
    for (const room of [hidden, others, newId()]) expectRefused(await live.emitRaw(name, payload(room)), "not_found");
    expect(await live.emitRaw(name, payload(open))).toMatchObject({ ok: true });
    live.close();
  });
});

describe("an event nobody knows", () => {
  it.each([
    "message",
    "",
    "connection",
    "error",
    "messages_changed",
    "session_ended",
    "a".repeat(50_000),
    "__proto__",
    "toString",
    "constructor",
  ])("named %j is refused like a known one", async (name) => {
    const short = name.length < 100 ? name : `${name.slice(0, 10)}…`;
    const answer = await live.emitRaw(name, { roomId });
    expect([short, answer]).toMatchObject([short, { ok: false, error: { code: "unknown_command" } }]);
    live.close();
  });

  it("is not refused for ever: who goes on is cut", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1 });
    const other = await connect(strict.url, (await makeGuest(strict.services)).token);
    for (let count = 0; count < 30; count += 1) other.socket.emit("nonsense");
    expect(await other.ended()).toBe("io server disconnect");
    await strict.close();
  });

  it.each([7, 0, -1, 1.5])("named by the number %j is refused, and the server goes on", async (name) => {
    const wire = await enterWire(app.url, ann.token);
    expectRefused(await askWire(wire, 1, [name, {}]), "unknown_command");
    wire.ws.terminate();
  });
});

describe("a command without an ack", () => {
  it("does nothing, and neither does one whose ack is no function", async () => {
    live.socket.emit("send_message", good());
    live.socket.emit("send_message", good(), "ack", { ack: true });
    live.socket.emit("join_room", { roomId });
    await live.tell("heartbeat", { status: "online" });
    await expectNothingStored();
    expect(app.io.of("/").adapter.rooms.has(`room:${roomId}`)).toBe(false);
    live.close();
  });

  it("again and again is cut", async () => {
    for (let count = 0; count < 300; count += 1) live.socket.emit("send_message", good());
    expect(await live.ended()).toBe("io server disconnect");
    await expectNothingStored();
  });
});

describe("frames no client would send", () => {
  const cut: [string, (string | Buffer)[]][] = [
    ["a frame of 1 MB", [`42["send_message",{"text":"${"a".repeat(1_000_000)}"}]`]],
    ["an event's name of 1 MB", [`42["${"a".repeat(1_000_000)}"]`]],
    ["an Engine.IO packet of no kind", ["9"]],
    ["a Socket.IO packet of no kind", ["49"]],
    ["an event that is no JSON", ["42["]],
    ["an event that is no list", ['42{"a":1}']],
    ["an event named by a list", ['42[["send_message"],{}]']],
    ["an event named by an object", ['42[{"toString":"send_message"},{}]']],
    ["an event named as the server's own", ['42["disconnecting",{}]']],
    ["an event to listen to listeners", ['42["newListener",{}]']],
    ["a second entry", ['40{"token":"x"}']],
    ["a refusal of one's own", ['44{"message":"x"}']],
    ["a binary event of a million attachments", ['451000000-["send_message",{"_placeholder":true,"num":0}]']],
    ["a binary event of an endless number", ['4599999999999999999999-["send_message"]']],
    ["bytes that belong to nothing", [Buffer.from("hello")]],
    ["an attachment that is not there", ['451-["send_message",{"_placeholder":true,"num":7}]', Buffer.from("x")]],
    ["an attachment whose number is the prototype", ['451-["send_message",{"_placeholder":true,"num":"__proto__"}]', Buffer.from("x")]],
    [
      "a text frame instead of an attachment",
      ['451-["send_message",{"_placeholder":true,"num":0}]', '42["heartbeat",{"status":"online"}]'],
    ],
  ];

  it.each(cut)("cut the line and nothing else: %s", async (_, frames) => {
    const wire = await enterWire(app.url, ann.token);
    for (const frame of frames) wire.send(frame);
    expect(await wire.closed).toBeGreaterThan(0);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    await expectNothingStored();
    live.close();
  });

  it.each<[string, (string | Buffer)[]]>([
    ["an event", ['42["send_message",{}]']],
    ["an entry with broken JSON", ["40{"]],
    ["an entry with a list", ["40[1,2]"]],
    ["bytes", [Buffer.from([1, 2, 3])]],
    ["an upgrade", ["5"]],
    ["a ping", ["2"]],
  ])("before any entry do not end the server: %s", async (_, frames) => {
    const wire = await openWire(app.url);
    for (const frame of frames) wire.send(frame);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    wire.ws.terminate();
    live.close();
  });

  it("of acks nobody asked for are passed over", async () => {
    const wire = await enterWire(app.url, ann.token);
    for (const frame of ["430[]", '4399999999999[{"ok":true}]', '431["x"]']) wire.send(frame);
    expect(await askWire(wire, 5, ["heartbeat", { status: "online" }])).toMatchObject({ ok: true });
    wire.ws.terminate();
  });
});

describe("a command that throws", () => {
  it("answers internal without its words, is logged once under the answer's id, and ends nothing", async () => {
    const { heads } = app.services;
    Object.assign(app.services, {
      heads: () => {
        throw new Error("SELECT secret FROM nowhere");
      },
    });
    const answer = await live.ask("heartbeat", { status: "online" });
    Object.assign(app.services, { heads });
    expectRefused(answer, "internal");
    const { requestId } = (answer as { error: { requestId: string } }).error;
    expect(app.log.filter((line) => line.includes(requestId))).toHaveLength(1);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    live.close();
  });
});
