import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type CommandName, commands } from "../../../utils/contract/events.ts";
import { newId } from "../../../utils/ids.ts";
import { bootApp } from "../../support/app.ts";
import { expectProblem } from "../../support/expect.ts";
import { lastSeqOf, makeConversation, makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";
import { askWire, enterWire } from "../../support/sockets/wire.ts";

let ann: Person;
let roomId: string;
let live: Live;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

beforeEach(async () => {
  live = await connect(app.url, ann.token);
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

describe("command payload", () => {
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
  ])("of %s is rejected by send_message and stores nothing", async (_, args) => {
    const filled = args.map((arg) =>
      typeof arg === "object" && arg !== null && "roomId" in arg && arg.roomId === undefined ? { ...arg, roomId } : arg,
    );
    expectRefused(await live.emitRaw("send_message", ...filled), "invalid_input");
    await expectNothingStored();
    live.close();
  });

  it.each(Object.keys(commands) as CommandName[])("that is missing, malformed or oversized is rejected by %s", async (name) => {
    for (const payload of [undefined, null, {}, { roomId: { not: "" } }, { token: 1, roomId, status: "offline" }, [], "x"])
      expectRefused(await live.emitRaw(name, payload), "invalid_input");
    live.close();
  });

  it("with __proto__ or constructor in the JSON text is rejected and changes no object", async () => {
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

describe("room without access", () => {
  const roomCommands: [CommandName, (room: string) => object][] = [
    ["join_room", (room) => ({ roomId: room })],
    ["sync_room", (room) => ({ roomId: room, afterSeq: 0 })],
    ["send_message", (room) => ({ ...good(), roomId: room })],
    ["typing_start", (room) => ({ roomId: room })],
  ];

  it.each(roomCommands)("is rejected by %s, with the reason if the room may be known", async (name, payload) => {
    const registered = await makeRoom(app.services, { accessLevel: "registered" });
    const hidden = await makeRoom(app.services, { accessLevel: "private" });
    const others = await makeConversation(app.services, []);
    const open = await makeRoom(app.services);
    expectRefused(await live.emitRaw(name, payload(registered)), "room_requires_account");
    for (const room of [hidden, others, newId()]) expectRefused(await live.emitRaw(name, payload(room)), "not_found");
    if (name === "typing_start") {
      expectRefused(await live.emitRaw(name, payload(open)), "not_found");
      await live.command("join_room", { roomId: open });
    }
    expect(await live.emitRaw(name, payload(open))).toMatchObject({ ok: true });
    live.close();
  });
});

describe("unknown command", () => {
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
  ])("%j is rejected like a known event name", async (name) => {
    const short = name.length < 100 ? name : `${name.slice(0, 10)}…`;
    const answer = await live.emitRaw(name, { roomId });
    expect([short, answer]).toMatchObject([short, { ok: false, error: { code: "unknown_command" } }]);
    live.close();
  });

  it("disconnects the client if repeated", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1 });
    const other = await connect(strict.url, (await makeGuest(strict.services)).token);
    for (let count = 0; count < 30; count += 1) other.socket.emit("nonsense");
    expect(await other.ended()).toBe("io server disconnect");
    await strict.close();
  });

  it.each([7, 0, -1, 1.5])("named by the number %j is rejected, and the server keeps running", async (name) => {
    const wire = await enterWire(app.url, ann.token);
    expectRefused(await askWire(wire, 1, [name, {}]), "unknown_command");
    wire.ws.terminate();
  });
});

/** Returns, by command name, how many commands were not executed because they came without an ack function. */
async function countWithoutAck(): Promise<Record<string, number>> {
  const { values } = await app.deps.metrics.commandsWithoutAck.get();
  return Object.fromEntries(values.map(({ labels, value }) => [String(labels.command), value]));
}

describe("command without an ack", () => {
  it("is not executed, nor is one whose ack is not a function", async () => {
    live.socket.emit("send_message", good());
    live.socket.emit("send_message", good(), "ack", { ack: true });
    live.socket.emit("join_room", { roomId });
    await live.command("heartbeat", { status: "online" });
    await expectNothingStored();
    expect(app.io.of("/").adapter.rooms.has(`room:${roomId}`)).toBe(false);
    live.close();
  });

  it("is counted by its name, unless it has no result: typing is published, without server errors", async () => {
    const other = await makeRoom(app.services);
    const bob = await makeGuest(app.services);
    const watcher = await connect(app.url, bob.token);
    for (const one of [live, watcher]) await one.command("join_room", { roomId: other });
    const before = await countWithoutAck();
    live.socket.emit("typing_start", { roomId: "no room" });
    live.socket.emit("typing_start", { roomId: other });
    await watcher.nextEvent("user_typing", ({ users }) => users.some(({ id }) => id === ann.id));
    live.socket.emit("typing_stop", { roomId: other });
    await watcher.nextEvent("user_typing", ({ users }) => users.length === 0);
    live.socket.emit("send_message", good());
    live.socket.emit("mark_read", { roomId: other, seq: 1 });
    await live.command("heartbeat", { status: "online" });
    expect(await countWithoutAck()).toEqual({ ...before, send_message: (before.send_message ?? 0) + 1, mark_read: 1 });
    for (const one of [live, watcher]) one.close();
  });

  it("disconnects the client if repeated", async () => {
    for (let count = 0; count < 300; count += 1) live.socket.emit("send_message", good());
    expect(await live.ended()).toBe("io server disconnect");
    await expectNothingStored();
  });
});

describe("command that throws", () => {
  it("responds with internal without the error message, is logged once under the request id, and keeps the socket open", async () => {
    const { heads } = app.services;
    Object.assign(app.services, {
      heads: () => {
        throw new Error("relation of_nowhere does not exist");
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
