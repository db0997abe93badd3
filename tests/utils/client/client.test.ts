import { io } from "socket.io-client";
import { describe, expect, it } from "vitest";
import { type ChatClient, type ClientOptions, connectClient } from "../../../utils/client/client.ts";
import type { ChatSocket } from "../../../utils/client/connection/command.ts";
import { isLive, type RoomLog } from "../../../utils/client/rooms/room-log.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { createRest } from "../../support/client.ts";
import { makeConversation, makeGuest, makeMember, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const { app, database } = await appForFile();

type Program = { client: ChatClient; sockets: ChatSocket[] };

function start(token: ClientOptions["token"], url = app.url): Program {
  const sockets: ChatSocket[] = [];
  const open: ClientOptions["io"] = (address, options) => {
    const socket: ChatSocket = io(address, options);
    sockets.push(socket);
    return socket;
  };
  return { client: connectClient({ url, io: open, token }), sockets };
}

/** Waits until a client's list of a room has the given number of messages. */
const reaches = (client: ChatClient, roomId: string, count: number): Promise<RoomLog> =>
  new Promise((resolve) => {
    const room = client.room(roomId);
    const look = (log: RoomLog): void => {
      if (log.items.length === count) resolve(log);
    };
    room.onChange(look);
    look(room.log());
  });

/** Waits until a client is connected and has received the newest numbers of its rooms. */
const online = ({ client }: Program): Promise<void> => expect.poll(() => client.state()).toBe("online");

const cut = ({ sockets }: Program): void => void sockets.at(-1)?.io.engine?.close();

describe("two clients in a room whose connections break repeatedly", () => {
  it("have the messages of the database, each sent once and received once", async () => {
    const ann = await makeGuest(app.services);
    const bob = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    const one = start(ann.token);
    const two = start(bob.token);
    const received: string[] = [];
    two.client.onMessage((message) => received.push(message.text));
    await Promise.all([one, two].map(({ client }) => client.room(roomId).entered));
    const sent = Array.from({ length: 60 }, (_, at) => one.client.post(roomId, `text ${at}`));
    for (const at of [10, 30, 50]) {
      await sent[at - 1];
      cut(one);
      cut(two);
    }
    const acked = await Promise.all(sent);
    const logs = await Promise.all([one, two].map(({ client }) => reaches(client, roomId, 60)));
    const stored = await storedMessages(database.pool, roomId);
    expect(stored.map(({ text }) => text)).toEqual(Array.from({ length: 60 }, (_, at) => `text ${at}`));
    for (const { items } of logs) expect(items.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
    expect(acked.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => seq));
    expect(received).toEqual(stored.map(({ text }) => text));
    // Each cut of the writer hit an open connection; the reader may still have been reconnecting.
    expect(one.sockets).toHaveLength(4);
    expect(two.sockets.length).toBeGreaterThan(1);
    for (const { client } of [one, two]) client.close();
  });
});

describe("replies that a client holds", () => {
  it("show their parents as the database has them, after edits, a broken connection and a deletion", async () => {
    const ann = await makeMember(app.services);
    const bob = await makeMember(app.services);
    const roomId = await makeRoom(app.services);
    const one = start(ann.token);
    const two = start(bob.token);
    await Promise.all([one, two].map(({ client }) => client.room(roomId).entered));
    const parents = await Promise.all(["kept", "deleted"].map((text) => one.client.post(roomId, text)));
    const parentIds = parents.map(({ id }) => id);
    await Promise.all(parentIds.flatMap((replyToId) => ["a", "b", "c"].map((text) => two.client.post(roomId, text, { replyToId }))));
    const [kept = "", deleted = ""] = parentIds;
    await one.client.send("edit_message", { messageId: kept, text: "kept and edited once" });
    cut(two);
    await one.client.send("edit_message", { messageId: kept, text: "kept and edited twice" });
    await one.client.send("delete_message", { messageId: deleted });
    const excerpts = (log: RoomLog) => log.items.flatMap((item) => (isLive(item) && item.replyTo ? [item.replyTo.excerpt] : []));
    const wanted = [...Array<string>(3).fill("kept and edited twice"), ...Array<null>(3).fill(null)];
    for (const { client } of [one, two]) {
      await expect.poll(() => excerpts(client.room(roomId).log())).toEqual(wanted);
      const { messages } = await client.send("sync_room", { roomId, afterSeq: 0 });
      const { items } = client.room(roomId).log();
      expect(items.map((item) => (isLive(item) ? item.replyTo : null))).toEqual(
        [...messages].sort((a, b) => a.seq - b.seq).map((item) => (isLive(item) ? item.replyTo : null)),
      );
    }
    for (const { client } of [one, two]) client.close();
  });
});

describe("a conversation", () => {
  it("is received without joining, across a broken connection, each message once; a new one from its beginning", async () => {
    const ann = await makeMember(app.services);
    const bob = await makeMember(app.services);
    const roomId = await makeConversation(app.services, [ann, bob]);
    const one = start(ann.token);
    const two = start(bob.token);
    const received: string[] = [];
    const untilReceived = (count: number): Promise<void> => expect.poll(() => received.length).toBe(count);
    two.client.onMessage((message) => received.push(message.text));
    await Promise.all([one, two].map(online));
    await one.client.post(roomId, "first");
    await untilReceived(1);
    cut(two);
    await Promise.all(["second", "third"].map((text) => one.client.post(roomId, text)));
    await untilReceived(3);
    const late = await makeConversation(app.services, [ann, bob]);
    await one.client.post(late, "fourth");
    await untilReceived(4);
    expect(received).toEqual(["first", "second", "third", "fourth"]);
    // Joining later uses the messages that the client already holds.
    const room = two.client.room(roomId);
    await room.entered;
    expect(room.log().items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    for (const { client } of [one, two]) client.close();
  });
});

describe("a client", () => {
  it("rejects an invalid message with its error code, and sends the next one", async () => {
    const ann = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    const closed = await makeRoom(app.services, { accessLevel: "registered" });
    const { client } = start(ann.token);
    const room = client.room(roomId);
    const empty = room.post("   ");
    const fine = room.post("text");
    await expect(empty).rejects.toMatchObject({ code: "text_empty", problem: { status: 422 } });
    expect(await fine).toMatchObject({ text: "text", author: { id: ann.id } });
    await expect(client.room(closed).entered).rejects.toMatchObject({ code: "room_requires_account" });
    await expect(client.send("sync_room", { roomId: closed, afterSeq: 0 })).rejects.toMatchObject({ code: "room_requires_account" });
    expect(await client.call("getMe", "/api/auth/me", { bearer: true })).toMatchObject({ id: ann.id });
    client.close();
    expect(await client.ended).toBeNull();
    await expect(room.post("too late")).rejects.toMatchObject({ code: "network" });
  });

  it("closes when its session is revoked, and reports the reason", async () => {
    const ann = await makeMember(app.services);
    const { client } = start(ann.token);
    const roomId = await makeRoom(app.services);
    await client.room(roomId).entered;
    const rest = createRest(app.url);
    rest.token = ann.token;
    expect((await rest.call("DELETE", `/api/auth/sessions/${ann.sessionId}`)).status).toBe(204);
    expect(await client.ended).toMatchObject({ code: "session_revoked" });
    expect(client.state()).toBe("idle");
  });

  it("gets tokens from the given function, and requests a new one when one is rejected", async () => {
    const ann: Person = await makeMember(app.services);
    const asked: string[] = [];
    const { client } = start(async () => {
      if (asked.length === 0) {
        asked.push("not a token");
        return { accessToken: "not.a.token", expiresInMs: limits.accessTokenMs };
      }
      asked.push("a good one");
      return { accessToken: ann.token, expiresInMs: limits.accessTokenMs };
    });
    await client.room(await makeRoom(app.services)).entered;
    expect(asked).toEqual(["not a token", "a good one"]);
    client.close();
  });

  it("closes when the function returns no token, or when its only token is rejected", async () => {
    expect(await start(async () => null).client.ended).toMatchObject({ code: "unauthenticated" });
    expect(await start("not.a.token").client.ended).toMatchObject({ code: "unauthenticated" });
  });
});
