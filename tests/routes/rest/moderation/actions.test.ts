import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionDto, BulkActionsDto, NewActionInput } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { newId } from "../../../../utils/ids.ts";
import { placed, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError, expectProblem } from "../../../support/expect.ts";
import { makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { act, makeLoungeModerator, type NewAction, take } from "../../../support/moderation/actions.ts";
import { connect, RejectedError } from "../../../support/sockets/sockets.ts";

const HOUR_MS = 3_600_000;

let loungeId: string;
let roomId: string;
let sibling: string;
let elsewhere: string;
let eve: Person;
let mod: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  loungeId = await makeLounge(app.services);
  roomId = await makeRoom(app.services, { loungeId });
  sibling = await makeRoom(app.services, { loungeId, languageCode: "de" });
  elsewhere = await makeRoom(app.services);
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator" });
});

afterEach(hangUp);

const revert = (person: Person, id: string) => restOf(app, person).post<ActionDto>(`/api/moderation/actions/${id}/revert`, {});

async function inside(person: Person, ...roomIds: string[]) {
  const live = await line(person);
  for (const id of roomIds) await live.command("join_room", { roomId: id });
  return live;
}

const room = (id: string) => ({ kind: "room" as const, id });
const lounge = (id: string) => ({ kind: "lounge" as const, id });
describe("permission to act", () => {
  it.each(["warn", "kick", "ban_site", "wipe_messages", "require_phone"] as const)(
    "%s: rejects oneself, equals, superiors and people who are not staff, and accepts a lower role",
    async (kind) => {
      const scope = kind === "kick" ? { scope: room(roomId) } : {};
      const [equal, admin, other] = [
        await makeMember(app.services, { role: "moderator" }),
        await makeMember(app.services, { role: "admin" }),
        await makeMember(app.services),
      ];
      for (const target of [mod, equal, admin]) expectError(await act(app, mod, { kind, userId: target.id, ...scope }), 403, "forbidden");
      for (const caller of [other, eve]) expectError(await act(app, caller, { kind, userId: eve.id, ...scope }), 403, "forbidden");
      expectError(await act(app, mod, { kind, userId: newId(), ...scope }), 404, "not_found");
      expect(await database.db.moderationAction.count({ where: { userId: { in: [mod.id, equal.id, admin.id] } } })).toBe(0);
      expect((await act(app, mod, { kind, userId: eve.id, ...scope })).status).toBe(201);
      expect((await act(app, admin, { kind, userId: equal.id, ...scope })).status).toBe(201);
    },
  );

  it("lets moderators of a lounge act in its rooms only, not on each other and not on the staff of the site", async () => {
    const [anna, bert] = [await makeLoungeModerator(app, loungeId), await makeLoungeModerator(app, loungeId)];
    const mute = (userId: string, scope?: NewActionInput["scope"]) =>
      act(app, anna, { kind: "mute", userId, durationMs: HOUR_MS, ...(scope && { scope }) });
    expect((await mute(eve.id, room(roomId))).status).toBe(201);
    expect((await mute(eve.id, lounge(loungeId))).status).toBe(201);
    expectError(await mute(eve.id, room(elsewhere)), 403, "forbidden");
    expectError(await mute(eve.id, { kind: "site" }), 403, "forbidden");
    for (const target of [bert, mod, anna]) expectError(await mute(target.id, lounge(loungeId)), 403, "forbidden");
    expectError(await act(app, anna, { kind: "ban_site", userId: eve.id }), 403, "forbidden");
    const { id } = await take(app, mod, { kind: "mute", userId: eve.id, durationMs: HOUR_MS, scope: room(elsewhere) });
    expectError(await revert(anna, id), 403, "forbidden");
  });

  it("uses the role at the time of the action, not at the time of the request", async () => {
    await restOf(app, mod).get("/api/auth/me");
    await database.db.user.update({ where: { id: mod.id }, data: { role: "member" } });
    expectError(await act(app, mod, { kind: "warn", userId: eve.id }), 403, "forbidden");
  });

  it("never allows bots", async () => {
    const bot = await makeMember(app.services, { kind: "bot", role: "moderator" });
    expectError(await act(app, bot, { kind: "warn", userId: eve.id }), 403, "forbidden");
  });
});

describe("invalid actions", () => {
  it.each<[string, NewAction]>([
    ["a mute without a duration", { kind: "mute" }],
    ["a duration of 0", { kind: "mute", durationMs: 0 }],
    ["a negative duration", { kind: "mute", durationMs: -1 }],
    ["a mute of more than 28 days", { kind: "mute", durationMs: 28 * 24 * HOUR_MS + 1 }],
    ["a kick of more than a day", { kind: "kick", durationMs: 25 * HOUR_MS }],
    ["a fraction of a millisecond", { kind: "mute", durationMs: 1.5 }],
    ["a ban of a room for the site", { kind: "ban_room", scope: { kind: "site" } }],
    ["a ban of a room without a room", { kind: "ban_room" }],
    ["a kick from the site", { kind: "kick", scope: { kind: "site" } }],
    ["a scope with an id for the site", { kind: "warn", scope: { kind: "site", id: newId() } }],
    ["the rule other without a text", { kind: "warn", rule: "other" }],
    ["an unknown field", { kind: "warn", isAutomatic: true } as NewAction],
  ])("rejects %s", async (_title, action) => {
    expectError(await act(app, mod, { userId: eve.id, ...action }), 400, "invalid_input");
  });

  it("rejects an unknown room, lounge, message and case", async () => {
    for (const action of [
      { kind: "ban_room", userId: eve.id, scope: room(newId()) },
      { kind: "ban_lounge", userId: eve.id, scope: lounge(newId()) },
      { kind: "delete_message", messageId: newId() },
      { kind: "warn", userId: eve.id, caseId: newId() },
    ] as const)
      expectError(await act(app, mod, action), 404, "not_found");
  });
});

describe("mute", () => {
  it("in a room: rejects messages, edits, reactions and typing there, and nowhere else", async () => {
    const live = await inside(eve, roomId, sibling);
    const answer = await sayIn(live, roomId);
    if (!answer.ok) throw new Error(answer.error.code);
    const messageId = answer.data.message.id;
    const { id, expiresAt } = await take(app, mod, { kind: "mute", userId: eve.id, durationMs: HOUR_MS, scope: room(roomId) });
    for (const rejected of [
      await sayIn(live, roomId),
      await live.ask("edit_message", { messageId, text: "changed" }),
      await live.ask("add_reaction", { messageId, emoji: "👍" }),
      await live.ask("typing_start", { roomId }),
    ]) {
      if (rejected.ok) throw new Error("A muted user wrote.");
      expect(expectProblem(rejected.error, "muted")).toMatchObject({ until: expiresAt, rule: "spam", actionId: id });
    }
    expect((await sayIn(live, sibling)).ok).toBe(true);
    expect((await live.command("join_room", { roomId })).me).toMatchObject({ canSend: false, mutedUntil: expiresAt });
    expect((await revert(mod, id)).status).toBe(200);
    expect((await sayIn(live, roomId)).ok).toBe(true);
  });

  it("in a lounge: applies to all of its rooms", async () => {
    const live = await inside(eve, roomId, sibling, elsewhere);
    await take(app, mod, { kind: "mute", userId: eve.id, durationMs: HOUR_MS, scope: lounge(loungeId) });
    for (const id of [roomId, sibling]) expect(await sayIn(live, id)).toMatchObject({ ok: false, error: { code: "muted" } });
    expect((await sayIn(live, elsewhere)).ok).toBe(true);
  });

  it("is checked in the transaction that writes the message, even while the sender's rights are still cached", async () => {
    const live = await inside(eve, roomId);
    expect((await sayIn(live, roomId)).ok).toBe(true);
    await database.db.moderationAction.create({
      data: {
        id: newId(),
        kind: "mute",
        userId: eve.id,
        scopeKind: "room",
        scopeId: roomId,
        rule: "scam",
        expiresAt: new Date(Date.now() + HOUR_MS),
      },
    });
    expect(await sayIn(live, roomId)).toMatchObject({ ok: false, error: { code: "muted", rule: "scam" } });
    expect(await database.db.message.count({ where: { roomId } })).toBe(1);
  });

  it("ends by the clock without a job, and the user can write again", async () => {
    const live = await inside(eve, roomId);
    const { id } = await take(app, mod, { kind: "mute", userId: eve.id, durationMs: HOUR_MS, scope: room(roomId) });
    expect((await sayIn(live, roomId)).ok).toBe(false);
    await database.pool.query("UPDATE moderation_actions SET expires_at = now() - interval '1 ms' WHERE id = $1", [id]);
    app.services.sessions.invalidate(eve.sessionId);
    expect((await sayIn(live, roomId)).ok).toBe(true);
  });

  it("publishes the action to the user without the moderator, with the end of the period for an appeal", async () => {
    const live = await inside(eve, roomId);
    const { id } = await take(app, mod, { kind: "mute", userId: eve.id, durationMs: HOUR_MS, text: "Please stop advertising." });
    const { action, canAppealUntil } = await live.nextEvent("moderation_applied");
    expect(action).toMatchObject({ id, kind: "mute", rule: "spam", text: "Please stop advertising.", actor: null, target: { id: eve.id } });
    expect(Date.parse(canAppealUntil)).toBeGreaterThan(Date.parse(action.createdAt) + 180 * 24 * HOUR_MS);
    const { items } = (await restOf(app, eve).get<{ items: unknown[] }>("/api/notifications")).body;
    expect(items).toMatchObject([{ kind: "moderation", subject: { kind: "action", id }, actor: null, messageId: null, excerpt: null }]);
    expect(JSON.stringify([action, items])).not.toContain(mod.id);
    await revert(mod, id);
    expect((await live.nextEvent("moderation_reverted")).action).toMatchObject({ id, revertedBy: null });
  });
});

describe("ban and kick", () => {
  it.each([
    ["ban_room", "room"],
    ["ban_lounge", "lounge"],
    ["kick", "room"],
  ] as const)("%s: takes the user's sockets out of the rooms, so that they receive nothing sent afterwards", async (kind, scopeKind) => {
    const live = await inside(eve, roomId, elsewhere);
    const ann = await inside(await makeMember(app.services), roomId, elsewhere);
    // A join and a leave in the same batch would not be published.
    await ann.nextEvent("user_joined", (joined) => joined.roomId === roomId);
    const scope = scopeKind === "room" ? room(roomId) : lounge(loungeId);
    const { id } = await take(app, mod, { kind, userId: eve.id, scope });
    await ann.nextEvent("user_left", ({ roomId: left, users }) => left === roomId && users.some((user) => user.id === eve.id));
    const secret = await sayIn(ann, roomId, "only for those inside");
    await sayIn(ann, elsewhere, "for everyone");
    await live.nextEvent("messages_changed", ({ messages }) => messages.some((one) => "text" in one && one.text === "for everyone"));
    expect(JSON.stringify(live.received)).not.toContain("only for those inside");
    expect(secret.ok).toBe(true);
    const rejoining = await live.ask("join_room", { roomId });
    expect(rejoining).toMatchObject({ ok: false, error: { code: "banned", rule: "spam", actionId: id, appealUrl: "/me/moderation" } });
    expectError(await restOf(app, eve).get(`/api/chatroom/rooms/${roomId}/messages`), 403, "banned");
    expect((await live.ask("join_room", { roomId: sibling })).ok).toBe(scopeKind === "room");
    await revert(mod, id);
    expect((await live.ask("join_room", { roomId })).ok).toBe(true);
  });

  it("kick: lasts 5 minutes by default", async () => {
    const { createdAt, expiresAt } = await take(app, mod, { kind: "kick", userId: eve.id, scope: room(roomId) });
    expect(Date.parse(expiresAt ?? "") - Date.parse(createdAt)).toBe(300_000);
  });

  it("ban_site: ends every socket with the reason; afterwards only what banned users may do is allowed, until it is reverted", async () => {
    const live = await inside(eve, roomId);
    const { id } = await take(app, mod, { kind: "ban_site", userId: eve.id });
    expect(expectProblem(await live.nextEvent("session_ended"), "banned")).toMatchObject({ until: null, rule: "spam", actionId: id });
    await live.ended();
    expect(await connect(app.url, eve.token).catch((error: unknown) => error)).toBeInstanceOf(RejectedError);
    expectError(await restOf(app, eve).get(`/api/chatroom/rooms/${roomId}`), 403, "banned");
    expect((await restOf(app, eve).get("/api/auth/me")).body).toMatchObject({ ban: { actionId: id, rule: "spam", until: null } });
    await revert(mod, id);
    expect((await restOf(app, eve).get(`/api/chatroom/rooms/${roomId}`)).status).toBe(200);
  });

  it("requires a verified phone before the user writes again", async () => {
    const live = await inside(eve, roomId);
    await take(app, mod, { kind: "require_phone", userId: eve.id });
    expect(await sayIn(live, roomId)).toMatchObject({ ok: false, error: { code: "room_requires_phone" } });
    await database.db.contact.create({
      data: {
        id: newId(),
        userId: eve.id,
        kind: "phone",
        sealed: Buffer.from("x"),
        blindIndex: Buffer.from(newId()),
        verifiedAt: new Date(),
      },
    });
    app.services.sessions.invalidate(eve.sessionId);
    expect((await sayIn(live, roomId)).ok).toBe(true);
  });
});

/** Returns everything stored about messages, except what a revert must change: the number of the latest change. */
async function stored(messageIds: readonly string[]) {
  const { db } = database;
  const where = { messageId: { in: [...messageIds] } };
  const messages = await db.message.findMany({ where: { id: { in: [...messageIds] } }, orderBy: { id: "asc" } });
  return {
    messages: messages.map(({ changedSeq: _, ...rest }) => rest),
    reactions: await db.reaction.findMany({ where, orderBy: [{ messageId: "asc" }, { userId: "asc" }] }),
    notifications: await db.notification.findMany({ where, orderBy: { id: "asc" } }),
    versions: await db.messageVersion.findMany({ where, orderBy: [{ messageId: "asc" }, { version: "asc" }] }),
  };
}

describe("deleting a message", () => {
  it("leaves a tombstone; a revert restores text, reactions, mentions, notifications, pin and versions exactly", async () => {
    const ann = await makeMember(app.services, { username: `ann_${newId().slice(-8)}` });
    const live = await inside(eve, roomId);
    const watcher = await inside(ann, roomId);
    const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: `@${ann.actor.username} look` });
    const { id } = placed(message);
    await live.command("edit_message", { messageId: id, text: `@${ann.actor.username} look here` });
    await watcher.command("add_reaction", { messageId: id, emoji: "🎉" });
    await restOf(app, mod).call("PUT", `/api/chatroom/messages/${id}/pin`);
    const before = await stored([id]);
    expect(before).toMatchObject({ reactions: [{}], notifications: [{}], versions: [{}] });

    const action = await take(app, mod, { kind: "delete_message", messageId: id });
    expect(action).toMatchObject({ target: { id: eve.id }, messageId: id, scope: { kind: "room", id: roomId } });
    await watcher.nextEvent("messages_changed", ({ messages }) => messages.some((one) => one.id === id && one.deletedAt !== null));
    expect((await stored([id])).messages).toMatchObject([{ text: "", reactions: [] }]);
    expectError(await act(app, mod, { kind: "delete_message", messageId: id }), 404, "not_found");

    expect((await revert(mod, action.id)).body).toMatchObject({ revertedBy: { id: mod.id } });
    await watcher.nextEvent("messages_changed", ({ messages }) =>
      messages.some((one) => one.id === id && "text" in one && one.text === `@${ann.actor.username} look here`),
    );
    expect(await stored([id])).toEqual(before);
    const { revertedAt } = (await revert(mod, action.id)).body;
    expect((await revert(mod, action.id)).body).toMatchObject({ revertedAt });
  });

  it("by staff through the message's own endpoint is an action that can be undone; by its author it is none", async () => {
    const live = await inside(eve, roomId);
    const send = async () => placed((await live.command("send_message", { roomId, clientMessageId: newId(), text: "hello" })).message).id;
    const [own, others] = [await send(), await send()];
    for (const [person, id] of [
      [eve, own],
      [mod, others],
    ] as const)
      expect((await restOf(app, person).call("DELETE", `/api/chatroom/messages/${id}`)).status).toBe(200);
    expect(await database.db.moderationAction.findMany({ where: { messageId: { in: [own, others] } } })).toMatchObject([
      { kind: "delete_message", messageId: others, actorId: mod.id, userId: eve.id },
    ]);
  });

  it("of a conversation: is not possible for staff without a case about it", async () => {
    const ann = await makeMember(app.services);
    const { body } = await restOf(app, eve).post<{ id: string }>("/api/conversations", { userIds: [ann.id], name: "A group" });
    const live = await line(eve);
    const answer = await sayIn(live, body.id, "between us");
    if (!answer.ok) throw new Error(answer.error.code);
    expectError(await act(app, mod, { kind: "delete_message", messageId: answer.data.message.id }), 404, "not_found");
  });
});

describe("wiping messages", () => {
  it("removes the user's messages of the period in the scope, in batches, and a revert restores them all exactly", async () => {
    const live = await inside(eve, roomId, elsewhere);
    const ids: string[] = [];
    for (let count = 0; count < 230; count += 1) ids.push(newId());
    await database.pool.query(
      `WITH numbered AS (UPDATE rooms SET last_seq = 230 WHERE id = $1)
       INSERT INTO messages (id, room_id, author_id, client_message_id, text, seq, changed_seq, created_at)
       SELECT id, $1, $2, id, 'message ' || n, n, n, CASE WHEN n <= 5 THEN now() - interval '25 hours' ELSE now() END
       FROM unnest($3::uuid[]) WITH ORDINALITY AS t(id, n)`,
      [roomId, eve.id, ids],
    );
    const other = await sayIn(live, elsewhere, "stays");
    const before = await stored(ids);
    const { id } = await take(app, mod, { kind: "wipe_messages", userId: eve.id, scope: room(roomId) });
    const live_ = await database.db.message.findMany({ where: { authorId: eve.id, deletedAt: null } });
    expect(live_.filter((one) => one.roomId === roomId).map(({ text }) => text)).toEqual([1, 2, 3, 4, 5].map((n) => `message ${n}`));
    expect(other.ok && live_.some((one) => one.id === other.data.message.id)).toBe(true);
    await revert(mod, id);
    expect(await stored(ids)).toEqual(before);
    expect(await database.db.removedMessage.count({ where: { actionId: id } })).toBe(0);
  });
});

describe("bulk actions", () => {
  it("are taken together, and undone together by reverting the parent", async () => {
    const people = [eve, await makeGuest(app.services), await makeMember(app.services)];
    const actions = people.map(({ id }) => ({ kind: "mute", userId: id, rule: "spam", durationMs: HOUR_MS }));
    const { status, body } = await restOf(app, mod).post<BulkActionsDto>("/api/moderation/actions/bulk", { actions });
    expect(status).toBe(201);
    expect(body.parent).toMatchObject({ kind: "mute", target: null, scope: { kind: "site", id: null } });
    expect(body.actions.map(({ target, parentId }) => [target?.id, parentId])).toEqual(people.map(({ id }) => [id, body.parent.id]));
    expect(await database.db.auditEntry.count({ where: { subjectId: { in: body.actions.map(({ id }) => id) } } })).toBe(3);
    await revert(mod, body.parent.id);
    expect(await database.db.moderationAction.count({ where: { parentId: body.parent.id, revertedAt: null } })).toBe(0);
  });

  it("are not taken at all when one of them is not allowed", async () => {
    const admin = await makeMember(app.services, { role: "admin" });
    const actions = [eve, admin].map(({ id }) => ({ kind: "ban_site", userId: id, rule: "spam" }));
    expectError(await restOf(app, mod).post("/api/moderation/actions/bulk", { actions }), 403, "forbidden");
    expect(await database.db.moderationAction.count({ where: { userId: eve.id } })).toBe(0);
  });

  it("rejects more than 500 actions, and none", async () => {
    const one = { kind: "warn", userId: eve.id, rule: "spam" };
    for (const actions of [[], Array(501).fill(one)])
      expectError(await restOf(app, mod).post("/api/moderation/actions/bulk", { actions }), 400, "invalid_input");
  });
});
