import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { limits } from "../../../utils/contract/limits.ts";
import { newId } from "../../../utils/ids.ts";
import { median } from "../../bench/figures.ts";
import { draftFor, makeGuest, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { createReader } from "../../support/sockets/reader.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";
import { askWire, enterWire, type Wire } from "../../support/sockets/wire.ts";

const BATCH = 20;

/** Longer than any allowed message, so that few messages fill a buffer. */
const TEXT = "x".repeat(40_000);

let people: Person[];
let roomId: string;
let sender: Live;

const { app } = await appForFile();

beforeAll(async () => {
  people = await Promise.all(Array.from({ length: 6 }, () => makeGuest(app.services)));
});

beforeEach(async () => {
  roomId = await makeRoom(app.services);
  sender = await connect(app.url, people[0]?.token);
});

/** Opens a client that joins and then stops reading, while the connection stays open. */
async function openStalledClient({ token }: Person): Promise<Wire> {
  const wire = await enterWire(app.url, token);
  await askWire(wire, 1, ["join_room", { roomId }]);
  wire.ws.pause();
  return wire;
}

const say = (room: string, text: string) => sender.command("send_message", { roomId: room, clientMessageId: newId(), text });

/** Writes directly to the message writer, bypassing the text limit. */
const sayMuch = () =>
  Promise.all(Array.from({ length: BATCH }, () => app.services.messageWriter.write(draftFor(roomId, people[0] as Person, { text: TEXT }))));

type Kept = { writeBuffer: { data?: string }[]; transport: { socket?: { bufferedAmount?: number } } };

/** Returns the bytes the server buffers for each connection. */
const keptBytes = (): number[] =>
  Object.values((app.io.engine as unknown as { clients: Record<string, Kept> }).clients).map(
    ({ writeBuffer, transport }) =>
      (transport.socket?.bufferedAmount ?? 0) + writeBuffer.reduce((all, { data }) => all + (data?.length ?? 0), 0),
  );

const sockets = (): number => app.io.sockets.sockets.size;
const slowOnes = (): number => app.io.of("/").adapter.rooms.get("slow")?.size ?? 0;
const factsOf = (wire: Wire, name: string): string[] =>
  wire.frames.filter((frame): frame is string => typeof frame === "string" && frame.startsWith(`42["${name}"`));

/** Sends messages until a condition holds. @returns the number of messages */
async function sayUntil(isSo: () => boolean, look: () => void = () => undefined): Promise<number> {
  let said = 0;
  for (; !isSo(); said += BATCH) {
    await sayMuch();
    look();
    if (said > 3_000) throw new Error("nothing came of it");
  }
  return said;
}

describe("slow consumers", () => {
  it("are disconnected if their backlog grows too large; their buffers are freed, and all others receive everything", async () => {
    const reader = createReader(app.url, people[1]?.token ?? "", roomId);
    await reader.join();
    const stalled = await Promise.all(people.slice(2).map(openStalledClient));
    const before = sockets();
    let most = 0;
    const said = await sayUntil(
      () => sockets() <= before - stalled.length,
      () => {
        most = Math.max(most, ...keptBytes());
      },
    );
    expect(most).toBeLessThan(2 * limits.sendBufferBytes);
    while (keptBytes().reduce((sum, bytes) => sum + bytes) > 100_000) await pause(50);

    await reader.reach(said);
    expect(reader.list()).toHaveLength(said);
    expect([reader.gaps(), reader.faults]).toEqual([0, []]);
    for (const wire of stalled) {
      wire.ws.resume();
      await wire.closed;
    }
    reader.drop();
    sender.close();
  }, 60_000);

  it("get the reason if they resume reading in time, and receive all missed messages on reconnect", async () => {
    const [, , person] = people as [Person, Person, Person];
    const wire = await openStalledClient(person);
    let isCut = false;
    const socket = [...app.io.sockets.sockets.values()].find(({ data }) => data.author.id === person.id);
    socket?.once("disconnect", () => {
      isCut = true;
      wire.ws.resume();
    });
    const said = await sayUntil(() => isCut);
    expect(await wire.next((frame) => frame.startsWith('42["session_ended"'))).toContain('"code":"resync"');
    await wire.closed;
    const held = factsOf(wire, "messages_changed").map((frame) => (JSON.parse(frame.slice(2)) as [string, { toSeq: number }])[1].toSeq);
    expect(held.at(-1) ?? 0).toBeLessThan(said);
    const back = await connect(app.url, person.token);
    const afterSeq = held.at(-1) ?? 0;
    const { messages, lastSeq } = await back.command("join_room", { roomId, afterSeq, epoch: app.services.epoch() });
    expect([messages.length, lastSeq]).toEqual([said - afterSeq, said]);
    for (const one of [back, sender]) one.close();
  }, 60_000);

  it("lose typing and presence first and no messages, and get the presence again when they have caught up", async () => {
    const [, writer, person] = people as [Person, Person, Person];
    const other = await connect(app.url, writer.token);
    const wire = await openStalledClient(person);
    await other.command("join_room", { roomId });
    const said = await sayUntil(() => slowOnes() === 1);
    await other.command("typing_start", { roomId });
    await other.nextEvent("user_typing");
    wire.ws.resume();
    while (slowOnes() > 0) await pause(20);
    await wire.next((frame) => frame.startsWith(`42["user_joined",{"roomId":"${roomId}"`) && frame.includes('"onlineCount":2'));
    expect(factsOf(wire, "user_typing")).toEqual([]);
    await other.command("typing_stop", { roomId });
    await wire.next((frame) => frame.startsWith('42["user_typing"'));
    const spans = factsOf(wire, "messages_changed").map(
      (frame) => (JSON.parse(frame.slice(2)) as [string, { fromSeq: number; toSeq: number }])[1],
    );
    expect(spans.map(({ fromSeq }) => fromSeq)).toEqual([0, ...spans.slice(0, -1).map(({ toSeq }) => toSeq)]);
    expect(spans.at(-1)?.toSeq).toBe(said);
    wire.ws.terminate();
    for (const one of [other, sender]) one.close();
  }, 60_000);

  it("do not delay others", async () => {
    const quiet = await makeRoom(app.services);
    const other = await connect(app.url, people[1]?.token);
    const stalled = await Promise.all(people.slice(2).map(openStalledClient));
    for (const room of [roomId, quiet]) await other.command("join_room", { roomId: room });
    await sayUntil(() => slowOnes() === stalled.length);
    const took: { slow: number[]; control: number[] } = { slow: [], control: [] };
    const deliveryTime = async (room: string): Promise<number> => {
      const text = `text ${newId()}`;
      const from = performance.now();
      const arrival = other.nextEvent("messages_changed", ({ messages }) => messages.some((one) => "text" in one && one.text === text));
      await Promise.all([say(room, text), arrival]);
      return performance.now() - from;
    };
    for (let round = 0; round < 40; round += 1) {
      took.slow.push(await deliveryTime(roomId));
      took.control.push(await deliveryTime(quiet));
    }
    expect(slowOnes()).toBe(stalled.length);
    expect(median(took.slow) / median(took.control)).toBeLessThan(2);
    for (const wire of stalled) wire.ws.terminate();
    for (const one of [other, sender]) one.close();
  }, 60_000);
});
