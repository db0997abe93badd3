import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { lastSeqOf, makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";
import { askWire, enterWire, openWire } from "../../support/sockets/wire.ts";

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

async function expectNothingStored(): Promise<void> {
  expect(await storedMessages(database.pool, roomId)).toEqual([]);
  expect(await lastSeqOf(database.pool, roomId)).toBe(0);
}

describe("invalid frames", () => {
  const cut: [string, (string | Buffer)[]][] = [
    ["a frame of 1 MB", [`42["send_message",{"text":"${"a".repeat(1_000_000)}"}]`]],
    ["an event name of 1 MB", [`42["${"a".repeat(1_000_000)}"]`]],
    ["an Engine.IO packet of unknown type", ["9"]],
    ["a Socket.IO packet of unknown type", ["49"]],
    ["an event that is not JSON", ["42["]],
    ["an event that is not an array", ['42{"a":1}']],
    ["an event whose name is an array", ['42[["send_message"],{}]']],
    ["an event whose name is an object", ['42[{"toString":"send_message"},{}]']],
    ["an event with a reserved name", ['42["disconnecting",{}]']],
    ["a newListener event", ['42["newListener",{}]']],
    ["a second connect packet", ['40{"token":"x"}']],
    ["a connect_error packet", ['44{"message":"x"}']],
    ["a binary event with a million attachments", ['451000000-["send_message",{"_placeholder":true,"num":0}]']],
    ["a binary event with an oversized attachment count", ['4599999999999999999999-["send_message"]']],
    ["bytes without a packet", [Buffer.from("hello")]],
    ["a missing attachment", ['451-["send_message",{"_placeholder":true,"num":7}]', Buffer.from("x")]],
    ["an attachment with the number __proto__", ['451-["send_message",{"_placeholder":true,"num":"__proto__"}]', Buffer.from("x")]],
    [
      "a text frame instead of an attachment",
      ['451-["send_message",{"_placeholder":true,"num":0}]', '42["heartbeat",{"status":"online"}]'],
    ],
  ];

  it.each(cut)("disconnect only the sender: %s", async (_, frames) => {
    const wire = await enterWire(app.url, ann.token);
    for (const frame of frames) wire.send(frame);
    expect(await wire.closed).toBeGreaterThan(0);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    await expectNothingStored();
    live.close();
  });

  it.each<[string, (string | Buffer)[]]>([
    ["an event", ['42["send_message",{}]']],
    ["a connect packet with invalid JSON", ["40{"]],
    ["a connect packet with an array", ["40[1,2]"]],
    ["bytes", [Buffer.from([1, 2, 3])]],
    ["an upgrade", ["5"]],
    ["a ping", ["2"]],
  ])("before authentication do not stop the server: %s", async (_, frames) => {
    const wire = await openWire(app.url);
    for (const frame of frames) wire.send(frame);
    expect((await live.ask("heartbeat", { status: "online" })).ok).toBe(true);
    wire.ws.terminate();
    live.close();
  });

  it("of unexpected acks are ignored", async () => {
    const wire = await enterWire(app.url, ann.token);
    for (const frame of ["430[]", '4399999999999[{"ok":true}]', '431["x"]']) wire.send(frame);
    expect(await askWire(wire, 5, ["heartbeat", { status: "online" }])).toMatchObject({ ok: true });
    wire.ws.terminate();
  });
});

it("sending a message: delivers the ack and the room's message to the author in one chunk", async () => {
  const wire = await enterWire(app.url, ann.token);
  const room = await makeRoom(app.services);
  await askWire(wire, 1, ["join_room", { roomId: room }]);
  const pieces: string[] = [];
  const network = (wire.ws as unknown as { _socket: NodeJS.ReadableStream })._socket;
  network.on("data", (piece: Buffer) => pieces.push(piece.toString("latin1")));
  await askWire(wire, 2, ["send_message", { roomId: room, clientMessageId: newId(), text: "one piece" }]);
  await wire.next((frame) => frame.startsWith('42["messages_changed"'));
  const telling = pieces.filter((piece) => piece.includes("one piece"));
  expect(telling).toHaveLength(1);
  expect(telling[0]?.match(/one piece/g)).toHaveLength(2);
  wire.ws.terminate();
});
