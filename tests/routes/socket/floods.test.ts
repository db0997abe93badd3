import { beforeAll, describe, expect, it } from "vitest";
import { inflow } from "../../../utils/contract/limits.ts";
import { newId } from "../../../utils/ids.ts";
import { makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect } from "../../support/sockets/sockets.ts";
import { enterWire, openWire } from "../../support/sockets/wire.ts";

let ann: Person;
let bob: Person;
let roomId: string;

const { app, database } = await appForFile({ limitsScale: 1 });

beforeAll(async () => {
  [ann, bob] = [await makeGuest(app.services), await makeGuest(app.services)];
  roomId = await makeRoom(app.services);
});

const often = (amount: number, frame: (at: number) => string): string[] => Array.from({ length: amount }, (_, at) => frame(at));
const MANY = inflow.packets * 10;
const say = (): string => JSON.stringify({ roomId, clientMessageId: newId(), text: "flood" });
const filler = "x".repeat(60_000);

describe("client that floods the server", () => {
  const floods: [string, () => string[]][] = [
    ["commands without an ack", () => often(MANY, () => `42["send_message",${say()}]`)],
    ["commands", () => often(MANY, (at) => `42${at}["typing_stop",{"roomId":"${roomId}"}]`)],
    ["unknown events", () => often(MANY, () => `42["nonsense"]`)],
    ["unexpected acks", () => often(MANY, (at) => `43${at}[]`)],
    ["pongs without a ping", () => often(MANY, () => "3")],
    ["a few large frames", () => often(40, () => `42["send_message",{"text":"${filler}"}]`)],
  ];

  it.each(floods)("is disconnected without affecting others: %s", async (_, frames) => {
    const wire = await enterWire(app.url, ann.token);
    const other = await connect(app.url, bob.token);
    for (const frame of frames()) wire.send(frame);
    await wire.closed;
    expect(wire.frames.length).toBeLessThan(inflow.packets + 10);
    expect((await other.ask("heartbeat", { status: "online" })).ok).toBe(true);
    other.close();
  });

  it("is disconnected before authentication, too", async () => {
    const wire = await openWire(app.url);
    for (const frame of often(MANY, () => "3")) wire.send(frame);
    await wire.closed;
  });

  it("stores at most as many messages as its rate limit allows", async () => {
    expect((await storedMessages(database.pool, roomId)).length).toBeLessThanOrEqual(5);
  });
});

it("flood protection: does not disconnect a returning client that sends a large backlog", async () => {
  const wire = await enterWire(app.url, bob.token);
  for (const frame of often(inflow.packets / 2, (at) => `42${at}["send_message",${say()}]`)) wire.send(frame);
  await wire.next((frame) => frame.startsWith(`43${inflow.packets / 2 - 1}[`));
  wire.ws.terminate();
});
