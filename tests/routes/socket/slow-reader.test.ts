import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../../utils/contract/limits.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { type TestDatabase, testDatabase } from "../../support/db.ts";
import { makeGuest, makeRoom, type Person } from "../../support/factories.ts";
import { createReader } from "../../support/reader.ts";
import { askWire, enterWire, type Wire } from "../../support/wire.ts";

const MESSAGES = 5_000;
const BATCH = 50;

/** Between two batches, so that 4 MB a second come in and the server, which looks each second, must cut in time. */
const PAUSE_MS = 50;
const TEXT = "x".repeat(3_900);

let database: TestDatabase;
let app: App;
let people: Person[];
let roomId: string;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  people = await Promise.all(Array.from({ length: 5 }, () => makeGuest(app.services)));
  roomId = await makeRoom(app.services);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Somebody who joined and then stops reading: the line stays open, nothing is taken from it. */
async function sleeper({ token }: Person): Promise<Wire> {
  const wire = await enterWire(app.url, token);
  await askWire(wire, 1, ["join_room", { roomId }]);
  wire.ws.pause();
  return wire;
}

type Kept = { writeBuffer: { data?: string }[]; transport: { socket?: { bufferedAmount?: number } } };

/** Bytes the server keeps for all its lines together. */
function keptBytes(): number {
  const lines = Object.values((app.io.engine as unknown as { clients: Record<string, Kept> }).clients);
  return lines.reduce(
    (sum, { writeBuffer, transport }) =>
      sum + (transport.socket?.bufferedAmount ?? 0) + writeBuffer.reduce((all, { data }) => all + (data?.length ?? 0), 0),
    0,
  );
}

describe("readers that do not read", () => {
  it("are cut when too much waits for them, nothing of it is kept, and everybody else hears everything", async () => {
    const [ann, bob, ...sleepy] = people;
    const reader = createReader(app.url, ann?.token ?? "", roomId);
    await reader.join();
    const sleepers = await Promise.all(sleepy.map(sleeper));
    const sender = createReader(app.url, bob?.token ?? "", roomId);
    await sender.join();
    const sockets = app.io.sockets.sockets.size;

    let most = 0;
    for (let sent = 0; sent < MESSAGES; sent += BATCH) {
      await Promise.all(
        Array.from({ length: BATCH }, () => sender.live().tell("send_message", { roomId, clientMessageId: newId(), text: TEXT })),
      );
      most = Math.max(most, keptBytes());
      await pause(PAUSE_MS);
    }
    while (app.io.sockets.sockets.size > sockets - sleepers.length) await pause(20);
    expect(most).toBeGreaterThan(limits.sendBufferBytes);
    expect(most).toBeLessThan(sleepers.length * 3 * limits.sendBufferBytes);
    expect(keptBytes()).toBeLessThan(100_000);

    await reader.reach(MESSAGES);
    expect(reader.list()).toHaveLength(MESSAGES);
    expect([reader.gaps(), reader.faults]).toEqual([0, []]);
    for (const wire of sleepers) {
      wire.ws.resume();
      await wire.closed;
    }
    reader.drop();
    sender.drop();
  }, 40_000);
});
