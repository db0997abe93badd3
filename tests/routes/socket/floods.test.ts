import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inflow } from "../../../utils/contract/limits.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { connect } from "../../support/sockets/sockets.ts";
import { enterWire, openWire } from "../../support/sockets/wire.ts";

let database: TestDatabase;
let app: App;
let ann: Person;
let bob: Person;
let roomId: string;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url, limitsScale: 1 });
  [ann, bob] = [await makeGuest(app.services), await makeGuest(app.services)];
  roomId = await makeRoom(app.services);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const often = (amount: number, frame: (at: number) => string): string[] => Array.from({ length: amount }, (_, at) => frame(at));
const MANY = inflow.packets * 10;
const say = (): string => JSON.stringify({ roomId, clientMessageId: newId(), text: "flood" });
const filler = "x".repeat(60_000);

describe("a line that brings more than anybody says", () => {
  const floods: [string, () => string[]][] = [
    ["commands without an ack", () => often(MANY, () => `42["send_message",${say()}]`)],
    ["commands", () => often(MANY, (at) => `42${at}["typing_stop",{"roomId":"${roomId}"}]`)],
    ["events nobody knows", () => often(MANY, () => `42["nonsense"]`)],
    ["acks nobody asked for", () => often(MANY, (at) => `43${at}[]`)],
    ["answers to no ping", () => often(MANY, () => "3")],
    ["few frames of much", () => often(40, () => `42["send_message",{"text":"${filler}"}]`)],
  ];

  it.each(floods)("is cut, and nobody else hears of it: %s", async (_, frames) => {
    const [wire, other] = [await enterWire(app.url, ann.token), await connect(app.url, bob.token)];
    for (const frame of frames()) wire.send(frame);
    await wire.closed;
    expect(wire.frames.length).toBeLessThan(inflow.packets + 10);
    expect((await other.ask("heartbeat", { status: "online" })).ok).toBe(true);
    other.close();
  });

  it("is cut before it was let in, too", async () => {
    const wire = await openWire(app.url);
    for (const frame of often(MANY, () => "3")) wire.send(frame);
    await wire.closed;
  });

  it("stores no more than its budget allows", async () => {
    expect((await storedMessages(database.pool, roomId)).length).toBeLessThanOrEqual(5);
  });
});

it("bears what a client says that comes back with much to say", async () => {
  const wire = await enterWire(app.url, bob.token);
  for (const frame of often(inflow.packets / 2, (at) => `42${at}["send_message",${say()}]`)) wire.send(frame);
  await wire.next((frame) => frame.startsWith(`43${inflow.packets / 2 - 1}[`));
  wire.ws.terminate();
});
