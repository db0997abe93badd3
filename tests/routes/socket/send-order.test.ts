import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeMember, makeRoom, type Person, storedMessages, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

let ann: Person;
let ben: Person;
let live: Live;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeMember(app.services, { username: "ann", displayName: "Ann" });
  ben = await makeMember(app.services, { username: "ben", displayName: "Ben" });
  live = await connect(app.url, ann.token);
});

afterAll(async () => {
  live.close();
});

describe("messages that one socket sends to one room without waiting for the acks", () => {
  it("are committed in the order in which they were sent, regardless of their lookups", async () => {
    const roomId = await makeRoom(app.services);
    await live.command("join_room", { roomId });
    const { message: parent } = await live.command("send_message", textFor(roomId));
    const inputs = Array.from({ length: 60 }, (_, n) => {
      if (n % 4 === 0) return textFor(roomId, { text: `${n} for @ben and <@${ben.id}>` });
      if (n % 4 === 1) return textFor(roomId, { text: `${n} answers`, replyToId: parent.id });
      if (n % 4 === 2) return textFor(roomId, { text: `${n}` });
      return textFor(roomId, { text: `${n} is a longer sentence whose language has to be found out first` });
    });
    await Promise.all(inputs.map((input) => live.command("send_message", input)));
    const stored = await storedMessages(database.pool, roomId);
    expect(stored.slice(1).map((row) => row.text)).toEqual(inputs.map(({ text }) => text));
  });

  it("keep their order around one that is rejected", async () => {
    const roomId = await makeRoom(app.services);
    await live.command("join_room", { roomId });
    const inputs = Array.from({ length: 30 }, (_, n) =>
      textFor(roomId, { text: n % 5 === 2 ? "   " : `${n} for @ben`.slice(0, n % 2 === 0 ? 12 : 2) }),
    );
    const answers = await Promise.all(inputs.map((input) => live.ask("send_message", input)));
    expect(answers.filter(({ ok }) => !ok)).toHaveLength(6);
    const stored = await storedMessages(database.pool, roomId);
    expect(stored.map((row) => row.text)).toEqual(inputs.map(({ text }) => text).filter((text) => text?.trim()));
  });

  it("do not delay other rooms: a locked room delays only its own messages", async () => {
    const locked = await makeRoom(app.services);
    const free = await makeRoom(app.services);
    for (const roomId of [locked, free]) await live.command("join_room", { roomId });
    const holder = await database.pool.connect();
    await holder.query("BEGIN");
    await holder.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [locked]);
    const waiting = live.command("send_message", textFor(locked));
    expect((await live.command("send_message", textFor(free))).message.seq).toBe(1);
    await holder.query("COMMIT");
    holder.release();
    expect((await waiting).message.seq).toBe(1);
  });
});
