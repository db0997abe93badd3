import { beforeEach, describe, expect, it } from "vitest";
import type { ActionDto, NewActionInput } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { LogEntryDto } from "../../../../utils/contract/schemas/moderation/records.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { createRest } from "../../../support/client.ts";
import { placed, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeConversation, makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { muteOf, take } from "../../../support/moderation/actions.ts";

const HOUR_MS = 3_600_000;

let eve: Person;
let mod: Person;
let loungeId: string;
let roomId: string;

const { app, database } = await appForFile();
const { line, hangUp } = switchboard(() => app);

beforeEach(async () => {
  await database.pool.query("DELETE FROM appeals");
  await database.pool.query("DELETE FROM removed_messages");
  await database.pool.query("DELETE FROM moderation_actions");
  eve = await makeMember(app.services, { displayName: "Evelyn Marlowe" });
  mod = await makeMember(app.services, { role: "moderator", displayName: "Theodore Ashby" });
  loungeId = await makeLounge(app.services);
  roomId = await makeRoom(app.services, { loungeId });
});

const mute = (scope: NewActionInput["scope"]) => muteOf(eve.id, scope);

const logOf = async (query = "", rest = createRest(app.url)) => (await rest.get<Page<LogEntryDto>>(`/api/moderation/log${query}`)).body;

/** Stores an action that no endpoint creates. */
async function store(over: object): Promise<string> {
  const data = { id: newId(), kind: "mute", userId: eve.id, scopeKind: "site", rule: "spam", actorId: mod.id, ...over } as const;
  return (await database.db.moderationAction.create({ data })).id;
}

describe("the public moderation log", () => {
  it("shows visitors without sign-in what was done, why, where and about which role, newest first", async () => {
    const inRoom = await take(app, mod, { ...mute({ kind: "room", id: roomId }), rule: "harassment" });
    const inLounge = await take(app, mod, { kind: "ban_lounge", userId: eve.id, scope: { kind: "lounge", id: loungeId } });
    const guest = await makeGuest(app.services);
    const onSite = await take(app, mod, { kind: "ban_site", userId: guest.id, rule: "scam" });
    await restOf(app, mod).post(`/api/moderation/actions/${inLounge.id}/revert`, {});
    const { items, nextCursor } = await logOf();
    expect(nextCursor).toBeNull();
    expect(items).toEqual([
      {
        id: onSite.id,
        kind: "ban_site",
        rule: "scam",
        scope: { kind: "site", name: null },
        role: "guest",
        isAutomatic: false,
        createdAt: onSite.createdAt,
        expiresAt: null,
        revertedAt: null,
      },
      {
        id: inLounge.id,
        kind: "ban_lounge",
        rule: "spam",
        scope: { kind: "lounge", name: "A lounge" },
        role: "member",
        isAutomatic: false,
        createdAt: inLounge.createdAt,
        expiresAt: null,
        revertedAt: expect.any(String) as string,
      },
      {
        id: inRoom.id,
        kind: "mute",
        rule: "harassment",
        scope: { kind: "room", name: "A lounge · A room" },
        role: "member",
        isAutomatic: false,
        createdAt: inRoom.createdAt,
        expiresAt: inRoom.expiresAt,
        revertedAt: null,
      },
    ]);
  });

  it("is the same for everyone, also for banned users and the staff", async () => {
    await take(app, mod, { kind: "ban_site", userId: eve.id });
    const expected = await logOf();
    expect(expected.items).toHaveLength(1);
    for (const person of [mod, await makeGuest(app.services)]) expect(await logOf("", restOf(app, person))).toEqual(expected);
  });

  it("contains no names, ids of people or messages, and no texts, at any action", async () => {
    const live = await line(eve);
    await live.command("join_room", { roomId });
    const sent = await sayIn(live, roomId, "Buy cheap watches");
    if (!sent.ok) throw new Error(sent.error.code);
    const message = placed(sent.data.message);
    hangUp();
    const text = "Evelyn advertised watches.";
    const deleted = await take(app, mod, { kind: "delete_message", messageId: message.id, text });
    await take(app, mod, { ...mute({ kind: "site" }), text });
    await take(app, mod, { kind: "ban_site", userId: eve.id, text, rule: "other" });
    await take(app, mod, { kind: "wipe_messages", userId: eve.id, text });
    await restOf(app, mod).post(`/api/moderation/actions/${deleted.id}/revert`, { reason: "Evelyn was right" });
    const appealed = await restOf(app, eve).post("/api/moderation/appeals", { actionId: (await logOf()).items[0]?.id, text: "My appeal" });
    expect(appealed.status).toBe(201);
    await store({ rule: "insulted Evelyn Marlowe" });
    const log = await logOf();
    expect(log.items.map(({ kind }) => kind)).toEqual(["mute", "wipe_messages", "ban_site", "mute", "delete_message"]);
    expect(log.items[0]?.rule).toBe("other");
    const people = [eve, mod].flatMap(({ id, actor, sessionId }) => [id, sessionId, actor.displayName, actor.username ?? ""]);
    for (const secret of [...people, message.id, message.clientMessageId, roomId, loungeId, "Evelyn", "atches", "appeal"])
      expect(JSON.stringify(log)).not.toContain(secret);
  });

  it("leaves out warnings, conversations, private lounges, and the parents of bulk actions, whose children it lists", async () => {
    await take(app, mod, { kind: "warn", userId: eve.id });
    await store({ scopeKind: "room", scopeId: await makeConversation(app.services, [eve, await makeMember(app.services)]) });
    const hidden = await makeLounge(app.services, { accessLevel: "private" });
    await store({ scopeKind: "lounge", scopeId: hidden });
    await store({ scopeKind: "room", scopeId: await makeRoom(app.services, { loungeId: hidden }) });
    const bob = await makeMember(app.services);
    const actions = [eve, bob].map(({ id }) => ({ kind: "mute", userId: id, durationMs: HOUR_MS, rule: "spam" }));
    const bulk = await restOf(app, mod).post<{ parent: ActionDto; actions: ActionDto[] }>("/api/moderation/actions/bulk", { actions });
    expect(bulk.status).toBe(201);
    const { items } = await logOf();
    expect(items.map(({ id }) => id).sort()).toEqual(bulk.body.actions.map(({ id }) => id).sort());
  });

  it("marks automatic actions", async () => {
    await store({ isAutomatic: true, actorId: null });
    expect((await logOf()).items).toMatchObject([{ isAutomatic: true }]);
  });

  it("returns every action once, page by page", async () => {
    const [earlier, later] = [new Date(Date.now() - 1_000), new Date()];
    const sorted = (ids: string[]): string[] => ids.sort().reverse();
    const first = sorted([await store({ createdAt: earlier }), await store({ createdAt: earlier })]);
    const last = sorted([await store({ createdAt: later }), await store({ createdAt: later }), await store({ createdAt: later })]);
    const walked: string[] = [];
    let cursor = "";
    do {
      const found = await logOf(`?limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...found.items.map(({ id }) => id));
      cursor = found.nextCursor ?? "";
    } while (cursor !== "");
    expect(walked).toEqual([...last, ...first]);
  });

  it.each(["cursor=x", "limit=0", "limit=101", "userId=x"])("rejects the query %s", async (query) => {
    expectError(await createRest(app.url).get(`/api/moderation/log?${query}`), 400, "invalid_input");
  });
});
