import { beforeAll, describe, expect, it } from "vitest";
import { namedIn } from "../../../../services/messages/text/mentions.ts";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeConversation, makeGuest, makeMember, makeRoom, makeSession, type Person, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { connect } from "../../../support/sockets/sockets.ts";

let [ann, ben]: [Person, Person] = [] as never;
let roomId: string;

const { app, database } = await appForFile();

beforeAll(async () => {
  [ann, ben] = [
    await makeMember(app.services, { displayName: "Ann", username: "ann.b" }),
    await makeMember(app.services, { username: "ben_7" }),
  ];
  roomId = await makeRoom(app.services);
});

async function send(who: Person, over: Parameters<typeof textFor>[1], room = roomId) {
  const live = await connect(app.url, who.token);
  const answer = await live.ask("send_message", textFor(room, over));
  live.close();
  return answer;
}

const notificationsOf = async (who: Person): Promise<NotificationDto[]> =>
  (await restOf(app, who).get<Page<NotificationDto>>("/api/notifications?limit=100")).body.items;

describe("parsing mentions", () => {
  it.each([
    ["@ann.b hello", ["ann.b"]],
    ["thank you @ann.b.", ["ann.b"]],
    ["(@ANN.B), @ben_7!", ["ann.b", "ben_7"]],
    ["write to me@ann.b or x@ben_7", []],
    ["`@ann.b` and ```\n@ben_7\n```", []],
    ["@ann.b @ann.b", ["ann.b"]],
    ["@ @@ @- @🙂", []],
    ["今日は @ben_7 さん", ["ben_7"]],
  ])("%j", (text, usernames) => {
    expect(namedIn(text).usernames).toEqual(usernames);
  });
});

describe("mention", () => {
  it("is part of the message, and notifies all devices of the mentioned user immediately, and no others", async () => {
    const second = await makeSession(app.services, ben);
    const here = await connect(app.url, ben.token);
    const there = await connect(app.url, second.token);
    const answer = await send(ann, { text: "Are you there, @ben_7? And @nobody_of_this_name, @ann.b?" });
    expect(answer).toMatchObject({ ok: true, data: { message: { mentions: expect.arrayContaining([ann.id, ben.id]) } } });
    for (const live of [here, there]) {
      const notification = await live.nextEvent("notification_created");
      expect(notification).toMatchObject({ kind: "mention", roomId, actor: { displayName: "Ann" }, readAt: null });
      live.close();
    }
    expect(await notificationsOf(ann)).toEqual([]);
    expect((await notificationsOf(ben))[0]).toMatchObject({ kind: "mention", excerpt: expect.stringContaining("Are you there") });
  });

  it("can name a guest by id", async () => {
    const guest = await makeGuest(app.services);
    const answer = await send(ann, { text: `Welcome, <@${guest.id}>` });
    expect(answer).toMatchObject({ data: { message: { mentions: [guest.id] } } });
    expect(await notificationsOf(guest)).toHaveLength(1);
  });

  it("is rejected for more than five users, or more than one by a guest, and notifies no one", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => makeMember(app.services)));
    const text = people.map(({ actor }) => `@${actor.username}`).join(" ");
    expect(await send(ann, { text })).toMatchObject({ error: { code: "too_many_mentions", max: 5 } });
    expect(await send(await makeGuest(app.services), { text: "@ann.b @ben_7" })).toMatchObject({
      error: { code: "too_many_mentions", max: 1 },
    });
    expect(await send(ann, { text: Array.from({ length: 60 }, (_, n) => `@flood${n}`).join(" ") })).toMatchObject({
      error: { code: "too_many_mentions" },
    });
    for (const who of people) expect(await notificationsOf(who)).toEqual([]);
  });

  it("does not notify users who cannot read the room", async () => {
    const stranger = await makeMember(app.services);
    const closed = await makeRoom(app.services, { accessLevel: "phone_verified" });
    const group = await makeConversation(app.services, [ann, ben]);
    const admin = await makeMember(app.services, { role: "admin" });
    expect(await send(admin, { text: `@${stranger.actor.username}` }, closed)).toMatchObject({ ok: true });
    expect(await send(ann, { text: `@${stranger.actor.username}` }, group)).toMatchObject({ ok: true });
    expect(await notificationsOf(stranger)).toEqual([]);
  });

  it("added by an edit notifies once, regardless of further edits", async () => {
    const carl = await makeMember(app.services);
    const live = await connect(app.url, ann.token);
    const { message } = await live.command("send_message", textFor(roomId, { text: "hello" }));
    for (const text of ["hello @x", `hello @${carl.actor.username}`, "hello", `hello again @${carl.actor.username}`])
      await live.command("edit_message", { messageId: message.id, text });
    expect(await notificationsOf(carl)).toMatchObject([
      {
        kind: "mention",
        subject: { kind: "message", id: message.id },
        messageId: message.id,
        excerpt: `hello again @${carl.actor.username}`,
      },
    ]);
    live.close();
  });
});

describe("reply", () => {
  it("notifies the author of the message it replies to", async () => {
    const asker = await makeMember(app.services);
    const asked = await send(asker, { text: "Anybody?" });
    const replyToId = asked.ok ? asked.data.message.id : "";
    await send(ann, { text: "Me", replyToId });
    await send(asker, { text: "And me", replyToId });
    expect(await notificationsOf(asker)).toMatchObject([{ kind: "reply", excerpt: "Me" }]);
  });
});

describe("marking notifications as read", () => {
  it("syncs to all devices, by id or up to one, and only affects the caller's own", async () => {
    const dora = await makeMember(app.services);
    for (let n = 0; n < 3; n += 1) await send(ann, { text: `@${dora.actor.username} ${n}` });
    const [third, second, first] = await notificationsOf(dora);
    const live = await connect(app.url, (await makeSession(app.services, dora)).token);
    const read = (who: Person, json: object) => restOf(app, who).post("/api/notifications/read", json);
    const unread = async () =>
      (await restOf(app, dora).get<Page<NotificationDto>>("/api/notifications?unread=true")).body.items.map(({ id }) => id);
    expect((await read(ann, { ids: [first?.id] })).status).toBe(204);
    expect(await unread()).toEqual([third?.id, second?.id, first?.id]);
    expect((await read(dora, { ids: [third?.id, newId()] })).status).toBe(204);
    expect(await live.nextEvent("notifications_read")).toEqual({ ids: [third?.id], upTo: null });
    expect(await unread()).toEqual([second?.id, first?.id]);
    expect((await read(dora, { upTo: third?.id })).status).toBe(204);
    expect(await unread()).toEqual([]);
    for (const json of [{}, { ids: [] }, { ids: [first?.id], upTo: first?.id }, { upTo: "x" }, { ids: [first?.id], userId: dora.id }])
      expectError(await read(dora, json), 400, "invalid_input");
    live.close();
  });
});

describe("link", () => {
  it.each(["https://example.org", "see www.example.org", "mailto:a@example.org"])("in %j is rejected for guests", async (text) => {
    expect(await send(await makeGuest(app.services), { text })).toMatchObject({ error: { code: "account_required" } });
    expect(await send(ann, { text })).toMatchObject({ ok: true });
  });
});

describe("slow mode", () => {
  it("accepts one message per interval, returns a retry, and exempts staff", async () => {
    const slow = await makeRoom(app.services);
    await app.services.db.room.update({ where: { id: slow }, data: { slowModeMs: 60_000 } });
    app.services.rooms.forget(slow);
    const live = await connect(app.url, ann.token);
    const first = textFor(slow);
    const answers = await Promise.all([
      live.ask("send_message", first),
      live.ask("send_message", textFor(slow)),
      live.ask("send_message", textFor(slow)),
    ]);
    const errors = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]));
    expect(errors).toHaveLength(2);
    expect(errors[0]).toMatchObject({ code: "slow_mode", status: 429 });
    expect(errors[0]?.retryAfterMs).toBeGreaterThan(50_000);
    const { rows } = await database.pool.query<{ client_message_id: string; text: string }>(
      "SELECT client_message_id, text FROM messages WHERE room_id = $1",
      [slow],
    );
    const [sent] = rows;
    expect(
      await live.ask("send_message", { roomId: slow, clientMessageId: sent?.client_message_id ?? "", text: sent?.text ?? "" }),
    ).toMatchObject({ ok: true });
    const mod = await makeMember(app.services, { role: "moderator" });
    for (let n = 0; n < 2; n += 1) expect(await send(mod, {}, slow)).toMatchObject({ ok: true });
    live.close();
  });
});
