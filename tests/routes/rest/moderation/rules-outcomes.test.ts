import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DomainEvents } from "../../../../services/domain-events.ts";
import type { LiveMessageDto, SentMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { CreateRuleInput, RuleDto } from "../../../../utils/contract/schemas/moderation/rules.ts";
import { newId } from "../../../../utils/ids.ts";
import { codeOf, makeOpenConversation, placed, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { lastSeqOf, makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { makeLoungeModerator } from "../../../support/moderation/actions.ts";

const { app, database } = await appForFile();
const { line, hangUp } = switchboard(() => app);

let mod: Person;
let eve: Person;
let loungeId: string;
let roomId: string;

/** The events about rules, in the order of publication; they are published before the call is answered. */
const published: DomainEvents["ruleMatched"][] = [];
app.services.events.subscribe("ruleMatched", (event) => void published.push(event));

beforeAll(async () => {
  mod = await makeMember(app.services, { role: "moderator" });
});

beforeEach(async () => {
  await database.pool.query("DELETE FROM automod_rules");
  app.services.automod.invalidate();
  published.length = 0;
  eve = await makeMember(app.services);
  loungeId = await makeLounge(database);
  roomId = await makeRoom(database, { loungeId });
});

afterEach(hangUp);

/** Creates and enables a rule; by default one that blocks a phrase in the lounge. */
async function enable(over: Partial<CreateRuleInput> = {}, person = mod): Promise<RuleDto> {
  const rule = {
    kind: "word",
    pattern: "free money",
    outcome: "block",
    scope: { kind: "lounge", id: loungeId },
    isEnabled: true,
    confirm: true,
  };
  const { status, body } = await restOf(app, person).post<RuleDto>("/api/moderation/rules", { ...rule, ...over });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

const say = (text: string, person = eve, at = roomId, clientMessageId: string = newId()) =>
  restOf(app, person).post<SentMessageDto>(`/api/chatroom/rooms/${at}/messages`, { text, clientMessageId });
const edit = (messageId: string, text: string, person = eve) =>
  restOf(app, person).call<LiveMessageDto>("PATCH", `/api/chatroom/messages/${messageId}`, { json: { text } });
const casesAbout = (messageId: string) => database.db.moderationCase.findMany({ where: { targetId: messageId } });
const mutesOf = (person: Person) => database.db.moderationAction.findMany({ where: { userId: person.id, kind: "mute" } });
const hitsOf = async ({ id }: RuleDto) => (await database.db.automodRule.findUniqueOrThrow({ where: { id } })).hits;

describe("rule with the outcome block", () => {
  it("rejects a matching message with its own text and stores nothing; other messages are sent", async () => {
    await enable({ message: "No advertising here." });
    const before = await lastSeqOf(database.pool, roomId);
    expect(expectError(await say("get FREE  M0NEY now"), 422, "blocked_by_rule").message).toBe("No advertising here.");
    expect(await lastSeqOf(database.pool, roomId)).toBe(before);
    expect((await say("free as a bird, money is not all")).status).toBe(201);
    expect(codeOf(await sayIn(await line(eve), roomId, "f r e e  m o n e y"))).toBe("blocked_by_rule");
  });

  it("answers a repeat of a message that was sent before the rule existed", async () => {
    const clientMessageId = newId();
    const first = await say("free money", eve, roomId, clientMessageId);
    expect(first.status).toBe(201);
    await enable();
    expect((await say("free money", eve, roomId, clientMessageId)).body.id).toBe(first.body.id);
    expectError(await say("free money"), 422, "blocked_by_rule");
  });

  it("applies to edits, and to the text that an edit would restore", async () => {
    const { id } = (await say("hello there")).body;
    await enable();
    expectError(await edit(id, "free money"), 422, "blocked_by_rule");
    expect((await edit(id, "hello everyone")).status).toBe(200);
  });

  it("counts its hits together, after the messages", async () => {
    const rule = await enable();
    for (const text of ["free money", "FREE MONEY", "hello"]) await say(text);
    await app.services.automod.hits.flush();
    expect(await hitsOf(rule)).toBe(2);
    expect((await database.db.automodRule.findUniqueOrThrow({ where: { id: rule.id } })).version).toBe(1);
  });

  it("does not use up the author's slot in slow mode", async () => {
    await enable();
    await database.db.room.update({ where: { id: roomId }, data: { slowModeMs: 60_000 } });
    app.services.rooms.forget(roomId);
    expectError(await say("free money"), 422, "blocked_by_rule");
    expect((await say("hello")).status).toBe(201);
    expectError(await say("hello again"), 429, "slow_mode");
  });
});

describe("rule with the outcome hold", () => {
  it("holds a message for review with a case: without a number, and published only to its author", async () => {
    await enable({ outcome: "hold" });
    const { status, body } = await say("free money");
    expect(status).toBe(201);
    expect(body).toMatchObject({ moderation: "pending", seq: null, changedSeq: null });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect(await casesAbout(body.id)).toMatchObject([{ kind: "held", isResolved: false, roomId, subjectId: eve.id }]);
    const reader = await (await line(mod)).command("join_room", { roomId });
    expect(reader.messages).toEqual([]);
  });

  it("rejects an edit that it would hold", async () => {
    const { id } = (await say("hello there")).body;
    await enable({ outcome: "hold" });
    expectError(await edit(id, "free money"), 422, "blocked_by_rule");
  });

  it("answers a repeat of a held message with that message", async () => {
    await enable({ outcome: "hold" });
    const clientMessageId = newId();
    const first = await say("free money", eve, roomId, clientMessageId);
    const again = await say("free money", eve, roomId, clientMessageId);
    expect(again.body).toEqual(first.body);
    expect(await casesAbout(first.body.id)).toHaveLength(1);
  });
});

describe("rule with the outcome flag", () => {
  it("sends the message and opens a case about it, and none about another message", async () => {
    await enable({ outcome: "flag" });
    const other = (await say("hello")).body;
    const { body } = await say("free money");
    expect(placed(body)).toMatchObject({ moderation: "approved", seq: 2 });
    await expect.poll(() => casesAbout(body.id)).toMatchObject([{ kind: "rule", subjectId: eve.id }]);
    expect(other.moderation).toBe("approved");
    expect(published.map(({ messageId }) => messageId)).toEqual([body.id]);
  });

  it("opens a case about a message that is edited into a match", async () => {
    await enable({ outcome: "flag" });
    const { id } = (await say("hello there")).body;
    expect((await edit(id, "free money")).status).toBe(200);
    await expect.poll(() => casesAbout(id)).toHaveLength(1);
  });

  it("flags profanity of the built-in word list, but no word that contains one by chance", async () => {
    const rule = await enable({ outcome: "flag", pattern: "@list:en" });
    await say("Scunthorpe has classes in assembly and analysis");
    const { body } = await say("what a load of bullshit");
    await expect.poll(() => casesAbout(body.id)).toHaveLength(1);
    await app.services.automod.hits.flush();
    expect(await hitsOf(rule)).toBe(1);
  });
});

describe("rule with the outcome silence", () => {
  it("rejects the message and mutes its author in the rule's scope for the rule's time", async () => {
    await enable({ outcome: "silence", silenceMs: 600_000 });
    expectError(await say("free money"), 422, "blocked_by_rule");
    await expect.poll(() => mutesOf(eve)).toHaveLength(1);
    const [mute] = await mutesOf(eve);
    expect(mute).toMatchObject({ scopeKind: "lounge", scopeId: loungeId, isAutomatic: true, actorId: null });
    expect((mute?.expiresAt?.getTime() ?? 0) - (mute?.createdAt.getTime() ?? 0)).toBe(600_000);
    await expect.poll(async () => (await say("hello")).body).toMatchObject({ code: "muted" });
    const elsewhere = await makeRoom(database);
    expect((await say("hello", eve, elsewhere)).status).toBe(201);
  });

  it("does not mute for a repeat of a message that was sent before", async () => {
    const clientMessageId = newId();
    await say("free money", eve, roomId, clientMessageId);
    await enable({ outcome: "silence", silenceMs: 600_000 });
    expect((await say("free money", eve, roomId, clientMessageId)).status).toBe(201);
    expect((await say("hello")).status).toBe(201);
    expect(published).toEqual([]);
    await say("free money");
    expect(published).toMatchObject([{ userId: eve.id, messageId: null, rule: { outcome: "silence" } }]);
  });

  it("decides before rules with a milder outcome", async () => {
    await enable({ outcome: "flag" });
    await enable({ outcome: "hold", pattern: "money" });
    await enable({ outcome: "silence", silenceMs: 600_000, message: "Silence." });
    expect(expectError(await say("free money"), 422, "blocked_by_rule").message).toBe("Silence.");
    await expect.poll(() => mutesOf(eve)).toHaveLength(1);
  });
});

describe("scope and exemptions", () => {
  it("applies a rule of a room, a lounge or the site only there", async () => {
    const sibling = await makeRoom(database, { loungeId, languageCode: "de" });
    const elsewhere = await makeRoom(database);
    await enable({ scope: { kind: "room", id: roomId }, pattern: "alpha" });
    await enable({ pattern: "beta" });
    await enable({ scope: { kind: "site" }, pattern: "gamma" });
    const blocked = async (text: string) => {
      const found: boolean[] = [];
      for (const at of [roomId, sibling, elsewhere]) found.push((await say(text, eve, at)).status === 422);
      return found;
    };
    expect(await blocked("alpha")).toEqual([true, false, false]);
    expect(await blocked("beta")).toEqual([true, true, false]);
    expect(await blocked("gamma")).toEqual([true, true, true]);
  });

  it("exempts moderators, admins, moderators of the lounge and bots by default, and no guests", async () => {
    await enable();
    const lounger = await makeLoungeModerator(app, loungeId);
    const admin = await makeMember(app.services, { role: "admin" });
    const bot = await makeMember(app.services, { kind: "bot" });
    for (const person of [mod, admin, lounger, bot]) expect((await say("free money", person)).status).toBe(201);
    for (const person of [eve, await makeGuest(app.services)]) expectError(await say("free money", person), 422, "blocked_by_rule");
  });

  it("exempts exactly the roles of the rule", async () => {
    await enable({ exemptRoles: ["member"] });
    expect((await say("free money")).status).toBe(201);
    expectError(await say("free money", mod), 422, "blocked_by_rule");
  });

  it("applies rules of the site about words, patterns and links to conversations, unless they flag", async () => {
    const friend = await makeMember(app.services);
    const direct = await makeOpenConversation(app, eve, friend);
    const site = { kind: "site" } as const;
    await enable({ scope: site, pattern: "alpha" });
    await enable({ scope: site, pattern: "beta", outcome: "flag" });
    await enable({ scope: site, kind: "flood", pattern: null, threshold: 1, windowMs: 60_000 });
    expectError(await say("alpha", eve, direct), 422, "blocked_by_rule");
    const flagged = (await say("beta", eve, direct)).body;
    expect(flagged.moderation).toBe("approved");
    expect((await say("hello", eve, direct)).status).toBe(201);
    expect(published).toEqual([]);
  });

  it("is off when the rule is disabled or deleted, at once on the node that changes it", async () => {
    const rule = await enable();
    expectError(await say("free money"), 422, "blocked_by_rule");
    const rest = restOf(app, mod);
    await rest.call("PATCH", `/api/moderation/rules/${rule.id}`, { json: { version: 1, isEnabled: false } });
    expect((await say("free money")).status).toBe(201);
    await rest.call("PATCH", `/api/moderation/rules/${rule.id}`, { json: { version: 2, isEnabled: true, confirm: true } });
    expectError(await say("free money"), 422, "blocked_by_rule");
    await rest.call("DELETE", `/api/moderation/rules/${rule.id}`);
    expect((await say("free money")).status).toBe(201);
  });
});

describe("kinds of rules", () => {
  it("regex: matches a pattern in any case, and in disguise", async () => {
    await enable({ kind: "regex", pattern: "buy\\s+\\d+ followers" });
    expectError(await say("Buy 500 Followers"), 422, "blocked_by_rule");
    expectError(await say("ｂｕｙ 500 fol\u200blowers"), 422, "blocked_by_rule");
    expect((await say("buy followers")).status).toBe(201);
  });

  it("link: matches every link, only those of listed hosts, or all but allowed ones", async () => {
    const anyLink = await enable({ kind: "link", pattern: null });
    expectError(await say("see https://example.org"), 422, "blocked_by_rule");
    expect((await say("see example.org")).status).toBe(201);
    await restOf(app, mod).call("DELETE", `/api/moderation/rules/${anyLink.id}`);
    await enable({ kind: "link", pattern: "evil.example" });
    await enable({ kind: "link", pattern: "bad.example\n!good.bad.example" });
    expectError(await say("https://www.evil.example/x"), 422, "blocked_by_rule");
    expectError(await say("evil.example/free"), 422, "blocked_by_rule");
    expectError(await say("http://a@bad.example:80/"), 422, "blocked_by_rule");
    for (const text of ["https://notevil.example", "https://good.bad.example/x", "https://example.org"])
      expect((await say(text)).status).toBe(201);
  });

  it("mention: matches a message that mentions more people than the threshold", async () => {
    await enable({ kind: "mention", pattern: null, threshold: 2 });
    const people = await Promise.all([1, 2, 3].map(() => makeMember(app.services)));
    const names = people.map(({ actor }) => `@${actor.username}`);
    expect((await say(names.slice(0, 2).join(" "))).status).toBe(201);
    expectError(await say(names.join(" ")), 422, "blocked_by_rule");
  });

  it("repeat: matches the same text of one author beyond the threshold, in any disguise", async () => {
    await enable({ kind: "repeat", pattern: null, threshold: 2, windowMs: 60_000 });
    for (const text of ["Join my channel", "JOIN my  channel!"]) expect((await say(text)).status).toBe(201);
    expectError(await say("join my chаnnel"), 422, "blocked_by_rule");
    expect((await say("something else")).status).toBe(201);
    expect((await say("Join my channel", await makeMember(app.services))).status).toBe(201);
  });

  it("flood: matches the messages of one author beyond the threshold", async () => {
    await enable({ kind: "flood", pattern: null, threshold: 3, windowMs: 60_000 });
    for (const text of ["one", "two", "three"]) expect((await say(text)).status).toBe(201);
    expectError(await say("four"), 422, "blocked_by_rule");
    expect((await say("one", await makeMember(app.services))).status).toBe(201);
  });

  it("first_messages: holds an author's first messages in the scope until enough were approved", async () => {
    await enable({ kind: "first_messages", pattern: null, threshold: 2, outcome: "hold" });
    const elsewhere = await makeRoom(database);
    for (const text of ["one", "two", "three"]) expect((await say(text, eve, elsewhere)).body.moderation).toBe("approved");
    expect((await say("first")).body.moderation).toBe("pending");
    expect((await say("second")).body.moderation).toBe("pending");
    await database.pool.query(
      "UPDATE messages SET moderation = 'approved', seq = 100, changed_seq = 100 WHERE room_id = $1 AND text = 'first'",
      [roomId],
    );
    expect((await say("third")).body.moderation).toBe("pending");
    await database.pool.query(
      "UPDATE messages SET moderation = 'approved', seq = 101, changed_seq = 101 WHERE room_id = $1 AND text = 'second'",
      [roomId],
    );
    expect((await say("fourth")).body.moderation).toBe("approved");
  });
});
