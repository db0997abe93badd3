import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { commands } from "../../../utils/contract/events.ts";
import { bootApp } from "../../support/app.ts";
import { createRest } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { draftFor, makeGuest, makeLounge, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

const clock = movableClock();

let ann: Person;
let bob: Person;
let roomId: string;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  [ann, bob] = [await makeGuest(app.services, { displayName: "Ann" }), await makeGuest(app.services, { displayName: "Bob" })];
  roomId = await makeRoom(app.services);
});

const open = (who: Person, to = app): Promise<Live> => connect(to.url, who.token);

/** Opens a socket of a user and joins the room. */
async function inside(who: Person): Promise<Live> {
  const live = await open(who);
  await live.command("join_room", { roomId });
  return live;
}

const fill = (length: number) => Promise.all(Array.from({ length }, () => app.services.messageWriter.write(draftFor(roomId, bob))));
const codeOf = (answer: { ok: boolean; error?: { code: ErrorCode } }): string => (answer.ok ? "ok" : (answer.error?.code ?? ""));

describe("joining a room", () => {
  it("returns the newest 50 messages as a snapshot, the members, and the caller's permissions", async () => {
    await fill(60);
    const live = await open(ann);
    const other = await inside(bob);
    const joined = await live.command("join_room", { roomId });
    expect(commands.join_room.output.strict().parse(joined)).toEqual(joined);
    expect(joined).toMatchObject({
      lastSeq: 60,
      hasMore: true,
      isSnapshot: true,
      epoch: app.services.epoch(),
      me: { canSend: true, mutedUntil: null, lastReadSeq: 0 },
    });
    expect(joined.messages.map((message) => message.seq)).toEqual(Array.from({ length: 50 }, (_, place) => place + 11));
    expect(joined.members.onlineCount).toBe(2);
    expect(joined.members.users.map(({ displayName, status }) => [displayName, status])).toEqual([
      ["Bob", "online"],
      ["Ann", "online"],
    ]);
    for (const one of [live, other]) one.close();
  });

  it("with a number and the epoch returns exactly the missed messages", async () => {
    await fill(30);
    const live = await open(ann);
    const { epoch } = await live.command("join_room", { roomId });
    expect(await live.command("join_room", { roomId, afterSeq: 28, epoch })).toMatchObject({
      isSnapshot: false,
      hasMore: false,
      lastSeq: 30,
      messages: [{ seq: 29 }, { seq: 30 }],
    });
    expect(await live.command("join_room", { roomId, afterSeq: 30, epoch })).toMatchObject({
      isSnapshot: false,
      lastSeq: 30,
      messages: [],
    });
    live.close();
  });

  it.each([
    ["another epoch", { afterSeq: 3, epoch: "another" }],
    ["an empty epoch", { afterSeq: 3, epoch: "" }],
    ["a number from the future", { afterSeq: 9_999 }],
    ["the greatest number there is", { afterSeq: Number.MAX_SAFE_INTEGER }],
  ])("with %s returns a new snapshot", async (_, held) => {
    await fill(5);
    const live = await open(ann);
    expect(await live.command("join_room", { roomId, ...held })).toMatchObject({
      isSnapshot: true,
      lastSeq: 5,
      messages: [{}, {}, {}, {}, {}],
    });
    live.close();
  });

  it("returns up to 1,000 missed messages, and a snapshot beyond that", async () => {
    await fill(1_002);
    const live = await open(ann);
    const near = await live.command("join_room", { roomId, afterSeq: 2 });
    expect([near.isSnapshot, near.messages.length, near.lastSeq]).toEqual([false, 1_000, 1_002]);
    const far = await live.command("join_room", { roomId, afterSeq: 1 });
    expect([far.isSnapshot, far.messages.length, far.lastSeq, far.hasMore]).toEqual([true, 50, 1_002, true]);
    live.close();
  });

  it("twice counts once", async () => {
    const live = await inside(ann);
    expect((await live.command("join_room", { roomId })).members.onlineCount).toBe(1);
    live.close();
  });

  it("is rejected if the lounge is full, in any of its rooms, and works again after a user left", async () => {
    const loungeId = await makeLounge(app.services, { maxCapacity: 1 });
    const en = await makeRoom(app.services, { loungeId });
    const de = await makeRoom(app.services, { loungeId, languageCode: "de" });
    const first = await open(ann);
    const second = await open(bob);
    await first.command("join_room", { roomId: en });
    for (const room of [en, de]) expect(codeOf(await second.ask("join_room", { roomId: room }))).toBe("room_full");
    await first.command("join_room", { roomId: en });
    await first.command("join_room", { roomId: de });
    for (const room of [en, de]) await first.command("leave_room", { roomId: room });
    expect(codeOf(await second.ask("join_room", { roomId: de }))).toBe("ok");
    for (const one of [first, second]) one.close();
  });

  it("is limited in the number of concurrent rooms", async () => {
    const capped = await bootApp({ database: database.url, limitsScale: 1, now: clock.now });
    const loungeId = await makeLounge(app.services);
    const rooms = await Promise.all(
      Array.from({ length: 102 }, (_, at) => makeRoom(app.services, { loungeId, languageCode: `en-${100 + at}` })),
    );
    const live = await open(ann, capped);
    const socket = capped.io.sockets.sockets.get(live.socket.id ?? "");
    for (const room of rooms.slice(0, 100)) void socket?.join(`room:${room}`);
    expect(codeOf(await live.ask("join_room", { roomId: rooms[100] ?? "" }))).toBe("too_many_rooms");
    expect(codeOf(await live.ask("join_room", { roomId: rooms[0] ?? "" }))).toBe("ok");
    await live.command("leave_room", { roomId: rooms[0] ?? "" });
    const atOnce = await Promise.all(rooms.slice(100).map((room) => live.ask("join_room", { roomId: room })));
    expect(atOnce.map(codeOf).sort()).toEqual(["ok", "too_many_rooms"]);
    await capped.close();
  });
});

describe("syncing a room", () => {
  it("returns no messages if up to date, and only the head for a number from the future", async () => {
    await fill(5);
    const live = await open(ann);
    for (const afterSeq of [5, 6, 9_999, Number.MAX_SAFE_INTEGER])
      expect(await live.command("sync_room", { roomId, afterSeq })).toEqual({ messages: [], lastSeq: 5, hasMore: false });
    live.close();
  });

  it("continues from the end of the last response, in steps of any size", async () => {
    await fill(5);
    const live = await open(ann);
    const steps = await Promise.all(
      [0, 2, 4].map(async (afterSeq) => {
        const { messages, lastSeq, hasMore } = await live.command("sync_room", { roomId, afterSeq, limit: 2 });
        return [messages.map((message) => message.changedSeq), lastSeq, hasMore];
      }),
    );
    expect(steps).toEqual([
      [[1, 2], 2, true],
      [[3, 4], 4, true],
      [[5], 5, false],
    ]);
    live.close();
  });
});

describe("invalid position in a room", () => {
  const places = [-1, 1.5, 2 ** 53, 1e300, "3", null, [3], { gt: 0 }, true];

  it.each(["join_room", "sync_room"])("is rejected by %s, without joining the room", async (name) => {
    const live = await open(ann);
    for (const afterSeq of places)
      expect([afterSeq, await live.emitRaw(name, { roomId, afterSeq })]).toMatchObject([
        afterSeq,
        { ok: false, error: { code: "invalid_input" } },
      ]);
    for (const [key, value] of [
      ["limit", 0],
      ["limit", 1_001],
      ["epoch", "e".repeat(65)],
      ["epoch", 7],
    ] as const)
      expect(await live.emitRaw(name, { roomId, afterSeq: 0, [key]: value })).toMatchObject({
        ok: false,
        error: { code: "invalid_input" },
      });
    expect(app.io.of("/").adapter.rooms.has(`room:${roomId}`)).toBe(false);
    live.close();
  });
});

describe("heartbeat", () => {
  it("returns the newest numbers of the joined rooms, and of no others", async () => {
    const live = await inside(ann);
    await fill(7);
    await makeRoom(app.services);
    while ((await live.command("heartbeat", { status: "online" })).heads[roomId] !== 7) await pause(20);
    expect(await live.command("heartbeat", { status: "away" })).toEqual({ status: "away", heads: { [roomId]: 7 } });
    await live.command("leave_room", { roomId });
    expect(await live.command("heartbeat", { status: "online" })).toEqual({ status: "online", heads: {} });
    live.close();
  });

  it("over REST also counts as activity", async () => {
    const rest = Object.assign(createRest(app.url), { token: ann.token });
    expect((await rest.post("/api/presence/heartbeat", { status: "online" })).body).toEqual({ status: "online", nextHeartbeatMs: 25_000 });
    expect((await rest.post("/api/presence/heartbeat", { status: "offline" })).status).toBe(400);
  });
});
