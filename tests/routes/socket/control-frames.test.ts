import type { Socket } from "node:net";
import { beforeAll, describe, expect, it } from "vitest";
import { makeGuest, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { CONTINUATION, maskedFrame, openRawWebSocket, PING, PONG, type RawSocket, TEXT } from "../../support/sockets/raw-socket.ts";
import { connect } from "../../support/sockets/sockets.ts";

/** Node reads 64 KiB from a connection at a time; allows for what is read before a limit is noticed, and a little more. */
const MOST_READ = 4 * 64 * 1024;

let ann: Person;
/** The server's ends of all connections, in the order in which they were opened. */
let ends: Socket[];

const { app } = await appForFile({ limitsScale: 1 });

beforeAll(async () => {
  ann = await makeGuest(app.services);
  ends = [];
  app.http.on("connection", (socket: Socket) => ends.push(socket));
});

const endOf = ({ socket }: RawSocket): Socket => {
  const end = ends.find(({ remotePort }) => remotePort === socket.localPort);
  if (end === undefined) throw new Error("the server has no such connection");
  return end;
};

const cuts = async (reason: string): Promise<number> => {
  const text = await app.deps.metrics.registry.getSingleMetricAsString("connections_closed_total");
  return Number(new RegExp(`reason="${reason}"} (\\d+)`).exec(text)?.[1] ?? 0);
};

const repeated = (frame: Buffer): Buffer => Buffer.concat(Array<Buffer>(Math.ceil(60_000 / frame.length)).fill(frame));
const fragments = Buffer.concat([maskedFrame(TEXT, "", false), repeated(maskedFrame(CONTINUATION, "", false))]);

const floods: [string, Buffer][] = [
  ["empty pings", repeated(maskedFrame(PING))],
  ["pings of 125 bytes", repeated(maskedFrame(PING, "x".repeat(125)))],
  ["unexpected pongs", repeated(maskedFrame(PONG))],
  ["empty messages", repeated(maskedFrame(TEXT))],
  ["empty fragments", fragments],
  ["messages in one-byte fragments", repeated(Buffer.concat([maskedFrame(TEXT, "3", false), maskedFrame(CONTINUATION, "", true)]))],
];

describe.each(floods)("flood of %s", (_, bytes) => {
  it.each([
    { count: 1, isReading: true, isGuest: false },
    { count: 1, isReading: false, isGuest: true },
    { count: 8, isReading: true, isGuest: false },
    { count: 8, isReading: false, isGuest: true },
  ])(
    "is disconnected before much of it is read: $count connections, reading: $isReading, guest: $isGuest",
    async ({ count, isReading, isGuest }) => {
      const other = await connect(app.url, (await makeGuest(app.services)).token);
      const raws = await Promise.all(Array.from({ length: count }, () => openRawWebSocket(app.port, isGuest ? ann.token : undefined)));
      const serverEnds = raws.map(endOf);
      if (!isReading) for (const { socket } of raws) socket.pause();
      await Promise.all(raws.map((raw) => raw.flood(bytes)));
      for (const end of serverEnds) {
        await expect.poll(() => end.destroyed).toBe(true);
        expect(end.bytesRead).toBeLessThan(MOST_READ);
        // The greeting, some pongs, and the reason for closing the connection.
        expect(end.bytesWritten).toBeLessThan(4_000);
      }
      expect((await other.ask("heartbeat", { status: "online" })).ok).toBe(true);
      other.close();
    },
  );
});

describe("connection that sends too many control frames", () => {
  it("gets the reason if it still reads, and is counted once by reason", async () => {
    const before = await cuts("control_frames");
    const raw = await openRawWebSocket(app.port);
    raw.socket.write(Buffer.concat(Array<Buffer>(11).fill(maskedFrame(PING))));
    await raw.closed;
    const closeFrame = raw.received().subarray(raw.received().lastIndexOf(0x88));
    expect(closeFrame.readUInt16BE(2)).toBe(1008);
    expect(closeFrame.subarray(4).toString()).toBe("limit exceeded: control_frames");
    expect(await cuts("control_frames")).toBe(before + 1);
  });

  it("is logged once per address and minute, without the address", () => {
    const lines = app.log.filter((line) => line.includes("client exceeded a transport limit"));
    // The tests of this file may cross a minute boundary.
    expect(lines.length).toBeGreaterThanOrEqual(1);
    expect(lines.length).toBeLessThanOrEqual(2);
    expect(lines.join("\n")).not.toContain("127.0.0.1");
  });
});

describe("pings below the limit", () => {
  it("get a pong with the bytes of the newest one", async () => {
    const raw = await openRawWebSocket(app.port, ann.token);
    const before = raw.received().length;
    raw.socket.write(Buffer.concat(["one", "two", "three"].map((text) => maskedFrame(PING, text))));
    await expect.poll(() => raw.received().subarray(before).toString()).toContain("three");
    expect(raw.socket.destroyed).toBe(false);
    raw.socket.destroy();
  });
});
