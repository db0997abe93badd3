import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CreateRuleInput, RuleDto, RuleTestDto } from "../../../../utils/contract/schemas/moderation/rules.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { draftFor, makeConversation, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { makeLoungeModerator } from "../../../support/moderation/actions.ts";

const { app, database } = await appForFile();

let mod: Person;
let lounger: Person;
let member: Person;
let loungeId: string;
let roomId: string;

beforeAll(async () => {
  mod = await makeMember(app.services, { role: "moderator" });
  member = await makeMember(app.services);
});

beforeEach(async () => {
  await database.pool.query("DELETE FROM automod_rules");
  app.services.automod.invalidate();
  loungeId = await makeLounge(database);
  roomId = await makeRoom(database, { loungeId });
  lounger = await makeLoungeModerator(app, loungeId);
});

const inLounge = () => ({ kind: "lounge", id: loungeId }) as const;
const wordRule = (over: Partial<CreateRuleInput> = {}) => ({
  kind: "word",
  pattern: "free money",
  outcome: "block",
  scope: inLounge(),
  ...over,
});
const create = (rule: object, person = mod) => restOf(app, person).post<RuleDto>("/api/moderation/rules", rule);
const patch = (id: string, json: object, person = mod) =>
  restOf(app, person).call<RuleDto>("PATCH", `/api/moderation/rules/${id}`, { json });
const remove = (id: string, person = mod) => restOf(app, person).call("DELETE", `/api/moderation/rules/${id}`);
const list = async (person = mod, query = "") => (await restOf(app, person).get<Page<RuleDto>>(`/api/moderation/rules${query}`)).body;
const test = (json: object, person = mod) => restOf(app, person).post<RuleTestDto>("/api/moderation/rules/test", json);

/** Sends texts of a member to a room, in order. */
async function write(texts: readonly string[], { at = roomId, author = member } = {}): Promise<string[]> {
  const ids: string[] = [];
  for (const text of texts) ids.push((await app.services.messageWriter.write(draftFor(at, author, { text }))).id);
  return ids;
}

describe("managing automatic rules", () => {
  it("creates a disabled rule with defaults, changes and deletes it, and records all three", async () => {
    const created = await create({ kind: "word", pattern: "free money", outcome: "hold" });
    expect(created).toMatchObject({
      status: 201,
      body: {
        ...{ kind: "word", pattern: "free money", threshold: null, windowMs: null, scope: { kind: "site", id: null }, outcome: "hold" },
        ...{
          silenceMs: null,
          exemptRoles: ["moderator", "admin"],
          message: null,
          isEnabled: false,
          hits: 0,
          createdBy: mod.id,
          version: 1,
        },
      },
    });
    const { id } = created.body;
    expect(created.headers.location).toBe(`/api/moderation/rules/${id}`);
    const changed = await patch(id, { version: 1, pattern: "free cash", outcome: "silence", silenceMs: 60_000, isEnabled: true });
    expect(changed).toMatchObject({ status: 200, body: { pattern: "free cash", silenceMs: 60_000, isEnabled: true, version: 2 } });
    expect((await patch(id, { version: 2, outcome: "flag" })).body).toMatchObject({ outcome: "flag", silenceMs: null, version: 3 });
    expect((await remove(id)).status).toBe(204);
    expect((await list()).items).toEqual([]);
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } });
    expect(entries.map(({ action, subjectType, actorId }) => [action, subjectType, actorId])).toEqual([
      ["rule_created", "rule", mod.id],
      ["rule_changed", "rule", mod.id],
      ["rule_changed", "rule", mod.id],
      ["rule_deleted", "rule", mod.id],
    ]);
  });

  it("rejects a change of an outdated version with rule_changed, and of a rule that does not exist with not_found", async () => {
    const { id } = (await create(wordRule())).body;
    expect((await patch(id, { version: 1, message: "No." })).status).toBe(200);
    expectError(await patch(id, { version: 1, message: "Never." }), 409, "rule_changed");
    expect((await list()).items[0]?.message).toBe("No.");
    expectError(await patch(newId(), { version: 1 }), 404, "not_found");
    expectError(await remove(newId()), 404, "not_found");
  });

  it("applies only one of two changes of the same version at the same time", async () => {
    const { id } = (await create(wordRule())).body;
    const answers = await Promise.all(["a", "b"].map((message) => patch(id, { version: 1, message })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it("lists rules in pages, newest first", async () => {
    const ids: string[] = [];
    for (const pattern of ["one", "two", "three"]) ids.push((await create(wordRule({ pattern }))).body.id);
    const first = await list(mod, "?limit=2");
    const second = await list(mod, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.nextCursor).toBeNull();
  });

  it("lets moderators of a lounge manage only the rules of their lounge and its rooms", async () => {
    const elsewhere = await makeLounge(database);
    const site = (await create(wordRule({ scope: { kind: "site" } }))).body;
    const other = (await create(wordRule({ scope: { kind: "lounge", id: elsewhere } }))).body;
    const own = await create(wordRule(), lounger);
    const ownRoom = await create(wordRule({ scope: { kind: "room", id: roomId } }), lounger);
    expect([own.status, ownRoom.status]).toEqual([201, 201]);
    expect((await list(lounger)).items.map(({ id }) => id)).toEqual([ownRoom.body.id, own.body.id]);
    expect((await list()).items).toHaveLength(4);
    for (const { id } of [site, other]) {
      expectError(await patch(id, { version: 1, message: "x" }, lounger), 403, "forbidden");
      expectError(await remove(id, lounger), 403, "forbidden");
    }
    expectError(await create(wordRule({ scope: { kind: "site" } }), lounger), 403, "forbidden");
    expectError(await create(wordRule({ scope: { kind: "lounge", id: elsewhere } }), lounger), 403, "forbidden");
    expectError(await patch(own.body.id, { version: 1, scope: { kind: "site" } }, lounger), 403, "forbidden");
    expectError(await test({ rule: wordRule({ scope: { kind: "site" } }) }, lounger), 403, "forbidden");
    expect((await test({ rule: wordRule({ scope: { kind: "site" } }), roomId }, lounger)).status).toBe(200);
    expect((await remove(own.body.id, lounger)).status).toBe(204);
    for (const answer of [await create(wordRule(), member), await test({ rule: wordRule() }, member)])
      expectError(answer, 403, "forbidden");
  });

  it("rejects a scope that does not exist, and conversations, with not_found", async () => {
    const conversation = await makeConversation(database, [mod, member]);
    for (const scope of [
      { kind: "lounge", id: newId() },
      { kind: "room", id: newId() },
      { kind: "room", id: conversation },
    ])
      expectError(await create(wordRule({ scope } as Partial<CreateRuleInput>)), 404, "not_found");
    expectError(await test({ rule: wordRule(), roomId: conversation }), 404, "not_found");
  });
});

describe("checking the fields of a rule", () => {
  it.each([
    ["a word rule without words", { kind: "word", outcome: "block" }, "pattern"],
    ["a word rule with a threshold", { kind: "word", pattern: "x", threshold: 1, outcome: "block" }, "threshold"],
    ["a mention rule without a threshold", { kind: "mention", outcome: "block" }, "threshold"],
    ["a repeat rule without a window", { kind: "repeat", threshold: 3, outcome: "block" }, "windowMs"],
    ["a flood rule with a pattern", { kind: "flood", threshold: 3, windowMs: 1_000, pattern: "x", outcome: "block" }, "pattern"],
    ["a silence without a time", { kind: "word", pattern: "x", outcome: "silence" }, "silenceMs"],
    ["a time without a silence", { kind: "word", pattern: "x", outcome: "block", silenceMs: 60_000 }, "silenceMs"],
    ["a room without an id", { kind: "word", pattern: "x", outcome: "block", scope: { kind: "room" } }, "scope.id"],
  ])("rejects %s with invalid_input", async (_what, rule, path) => {
    for (const answer of [await create(rule), await test({ rule })]) {
      const { errors } = expectError(answer, 400, "invalid_input");
      expect(errors?.map((one) => one.path.replace(/^rule\./, ""))).toEqual([path]);
    }
  });

  it.each([
    ["a pattern with a syntax error", { kind: "regex", pattern: "(a" }],
    ["a pattern with a backreference", { kind: "regex", pattern: "(a)\\1" }],
    ["a pattern of more than 500 characters", { kind: "regex", pattern: "a".repeat(501) }],
    ["a pattern that is too large", { kind: "regex", pattern: "(a{1,30}b{1,30}){1,10}" }],
    ["a pattern that matches every text", { kind: "regex", pattern: "a*" }],
    ["a phrase without letters", { kind: "word", pattern: "fine\n***" }],
    ["a phrase of more than 64 letters", { kind: "word", pattern: "ab".repeat(33) }],
    ["a word list of an unknown language", { kind: "word", pattern: "@list:xx", outcome: "flag" }],
    ["a word list that blocks", { kind: "word", pattern: "@list:en" }],
    ["a host with a space", { kind: "link", pattern: "not a host" }],
  ])("rejects %s with pattern_invalid and a reason", async (_what, rule) => {
    for (const answer of [await create({ outcome: "block", ...rule }), await test({ rule: { outcome: "block", ...rule } })])
      expect(expectError(answer, 422, "pattern_invalid").reason).toMatch(/\w{3}/);
  });

  it("accepts a pattern on which a backtracking engine would take seconds", async () => {
    await write([`${"a".repeat(2_000)}b`]);
    const rule = { kind: "regex", pattern: "^(a+)+$", outcome: "block", scope: inLounge() };
    expect((await test({ rule })).body).toMatchObject({ tested: 1, matched: 0 });
    expect((await create({ ...rule, isEnabled: true })).status).toBe(201);
  });

  it("rejects an enabled pattern if those of its scope are too large together", async () => {
    const large = (letter: string) => ({ kind: "regex", pattern: `${letter}{250}`, outcome: "flag", scope: inLounge(), isEnabled: true });
    const statuses: number[] = [];
    for (const letter of "abcd") statuses.push((await create(large(letter))).status);
    expect(statuses).toEqual([201, 201, 201, 422]);
    const disabled = await create({ ...large("h"), isEnabled: false });
    expect(disabled.status).toBe(201);
    expectError(await patch(disabled.body.id, { version: 1, isEnabled: true }), 422, "pattern_invalid");
  });
});

describe("testing a rule on recent messages", () => {
  it("returns how many match and the newest of them, and changes nothing", async () => {
    const ids = await write(["hello", "free money for all", "good morning", "F.R.E.E money"]);
    const { status, body } = await test({ rule: wordRule() });
    expect(status).toBe(200);
    expect(body).toEqual({
      tested: 4,
      matched: 2,
      examples: [
        { messageId: ids[3], excerpt: "F.R.E.E money" },
        { messageId: ids[1], excerpt: "free money for all" },
      ],
    });
    expect(await database.db.automodRule.count()).toBe(0);
    expect(await database.db.moderationCase.count()).toBe(0);
  });

  it("tests only the scope, the room and the days of the request, and no conversation", async () => {
    const sibling = await makeRoom(database, { loungeId, languageCode: "de" });
    await write(["free money"]);
    await write(["free money", "free money"], { at: sibling });
    await write(["free money"], { at: await makeRoom(database) });
    const count = async (over: object) => (await test({ rule: wordRule(), ...over })).body.matched;
    expect(await count({})).toBe(3);
    expect(await count({ roomId })).toBe(1);
    const before = await count({ rule: wordRule({ scope: { kind: "site" } }) });
    await write(["free money"], { at: await makeConversation(database, [mod, member]) });
    expect(await count({ rule: wordRule({ scope: { kind: "site" } }) })).toBe(before);
    const old = "018f0000-0000-7000-8000-000000000001";
    await database.pool.query("UPDATE messages SET id = $2 WHERE room_id = $1", [roomId, old]);
    expect(await count({ days: 30 })).toBe(2);
  });

  it("leaves out messages of exempt roles and bots", async () => {
    await write(["free money"]);
    await write(["free money"], { author: mod });
    await write(["free money"], { author: lounger });
    await write(["free money"], { author: await makeMember(app.services, { kind: "bot" }) });
    expect((await test({ rule: wordRule() })).body).toMatchObject({ tested: 4, matched: 1 });
    expect((await test({ rule: wordRule({ exemptRoles: [] }) })).body.matched).toBe(3);
  });

  it("counts repetitions as they would have been counted", async () => {
    await write(["join us", "hello", "JOIN US!", "join us"]);
    const rule = (kind: string, threshold: number) => ({ kind, threshold, windowMs: 60_000, outcome: "block", scope: inLounge() });
    expect((await test({ rule: rule("repeat", 2) })).body).toMatchObject({
      tested: 4,
      matched: 1,
      // Messages of the same millisecond have no order.
      examples: [{ excerpt: expect.stringMatching(/join us/i) }],
    });
    expect((await test({ rule: rule("flood", 3) })).body.matched).toBe(1);
    const first = { kind: "first_messages", threshold: 3, outcome: "hold", scope: inLounge() };
    expect((await test({ rule: first })).body.matched).toBe(3);
  });

  it("tests at most 5,000 messages", async () => {
    await database.pool.query(
      `INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
       SELECT ('0' || substr(m::text, 2))::uuid, $1, $2, gen_random_uuid(), 'free money ' || n, 'en', n, n
       FROM (SELECT n, overlay($3::text placing lpad(to_hex(n), 12, '0') from 25) AS m FROM generate_series(1, 5100) n) x`,
      [roomId, member.id, newId()],
    );
    const { body } = await test({ rule: wordRule() });
    expect(body).toMatchObject({ tested: 5_000, matched: 5_000 });
    expect(body.examples).toHaveLength(20);
    expect(body.examples[0]?.excerpt).toBe("free money 5100");
  });
});

describe("enabling a broad rule", () => {
  it("rejects a rule that would have rejected more than 20 % of the last day's messages, unless it is confirmed", async () => {
    await write(["free money", "one", "two", "three"]);
    const problem = expectError(await create(wordRule({ isEnabled: true })), 422, "rule_too_broad");
    expect(problem).toMatchObject({ tested: 4, matched: 1 });
    expect((await list()).items).toEqual([]);
    await write(["four"]);
    expect((await create(wordRule({ isEnabled: true }))).status).toBe(201);
    await write(["free money"]);
    expect((await create(wordRule({ isEnabled: true, confirm: true }))).status).toBe(201);
    expect((await create(wordRule({ isEnabled: false }))).status).toBe(201);
  });

  it("checks a rule when it is enabled, and when an enabled one is changed; not for outcomes that send or hold", async () => {
    await write(["free money", "free cash"]);
    const { id } = (await create(wordRule())).body;
    expectError(await patch(id, { version: 1, isEnabled: true }), 422, "rule_too_broad");
    expect((await patch(id, { version: 1, isEnabled: true, confirm: true })).status).toBe(200);
    expect((await patch(id, { version: 2, message: "No." })).status).toBe(200);
    expectError(await patch(id, { version: 3, pattern: "free cash" }), 422, "rule_too_broad");
    expect((await patch(id, { version: 3, pattern: "free cash", outcome: "hold" })).status).toBe(200);
  });
});
