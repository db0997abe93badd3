import { describe, expect, it } from "vitest";
import { createRuleCache, type RuleBook } from "../../../../services/automod/rules/rule-cache.ts";
import { createRuleHits } from "../../../../services/automod/rules/rule-hits.ts";
import { sendMessage } from "../../../../services/messages/send.ts";
import { newId } from "../../../../utils/ids.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { makeMember, makeRoom, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const { app, database } = await appForFile();
const { pool, logger } = app.services;

const ANYWHERE = { id: newId(), lounge: null };

async function addRule(pattern: string, isEnabled = true): Promise<string> {
  const data = { id: newId(), kind: "word", pattern, scopeKind: "site", outcome: "block", exemptRoles: [], isEnabled } as const;
  return (await database.db.automodRule.create({ data: { ...data, exemptRoles: [] } })).id;
}

const patternsIn = (book: RuleBook): (string | null)[] =>
  book.rulesIn(ANYWHERE).flatMap(({ rules }) => rules.map(({ pattern }) => pattern));

describe("the cache of automatic rules", () => {
  it("answers at once while its rules are fresh, and reads them again when they are invalidated", async () => {
    const cache = createRuleCache({ pool, logger });
    await addRule("alpha");
    await addRule("disabled", false);
    expect(cache.current()).toBeInstanceOf(Promise);
    expect(patternsIn(await cache.current())).toEqual(["alpha"]);
    const known = cache.current();
    expect(known).not.toBeInstanceOf(Promise);
    await addRule("beta");
    expect(patternsIn(await cache.current())).toEqual(["alpha"]);
    cache.invalidate();
    expect(cache.current()).toBeInstanceOf(Promise);
    expect(patternsIn(await cache.current())).toEqual(["alpha", "beta"]);
    await database.db.automodRule.deleteMany();
  });

  it("reads a change of another node within a second", async () => {
    const cache = createRuleCache({ pool, logger });
    expect(patternsIn(await cache.current())).toEqual([]);
    const id = await addRule("gamma");
    await expect.poll(async () => patternsIn(await cache.current()), { timeout: 5_000 }).toEqual(["gamma"]);
    await database.db.automodRule.update({ where: { id }, data: { isEnabled: false } });
    await expect.poll(async () => patternsIn(await cache.current()), { timeout: 5_000 }).toEqual([]);
    await database.db.automodRule.deleteMany();
  });

  it("does not return rules that were read before they were invalidated", async () => {
    const cache = createRuleCache({ pool, logger });
    const early = cache.current();
    await addRule("delta");
    cache.invalidate();
    const late = await cache.current();
    await early;
    expect(patternsIn(late)).toEqual(["delta"]);
    expect(patternsIn(await cache.current())).toEqual(["delta"]);
    await database.db.automodRule.deleteMany();
  });

  it("keeps compiled rules that have not changed", async () => {
    const cache = createRuleCache({ pool, logger });
    await addRule("epsilon");
    const [before] = (await cache.current()).rulesIn(ANYWHERE);
    cache.invalidate();
    const [after] = (await cache.current()).rulesIn(ANYWHERE);
    expect(after).toBe(before);
    await database.db.automodRule.deleteMany();
  });

  it("decides without a promise about a message of a room without rules", async () => {
    const ann = await makeMember(app.services);
    const roomId = await makeRoom(database);
    const ctx = ctxOf(app.services, ann);
    await sendMessage(ctx, textFor(roomId));
    const room = await app.services.rooms.find(roomId);
    if (room === undefined) throw new Error("no room");
    await app.services.automod.check({ actor: ann.actor, room, text: "hello", mentions: 0, isEdit: false });
    expect(app.services.automod.check({ actor: ann.actor, room, text: "hello", mentions: 0, isEdit: false })).toBeNull();
  });
});

describe("the hits of automatic rules", () => {
  it("are added in one statement per flush, and lost if the database does not answer", async () => {
    const id = await addRule("zeta");
    const hits = createRuleHits({ pool, logger });
    for (let count = 0; count < 5; count += 1) hits.add(id);
    await hits.flush();
    await hits.flush();
    expect((await database.db.automodRule.findUniqueOrThrow({ where: { id } })).hits).toBe(5);
    hits.add("not an id");
    await expect(hits.flush()).resolves.toBeUndefined();
    expect(app.log.some((entry) => entry.includes("could not write the hits of automatic rules"))).toBe(true);
    await database.db.automodRule.deleteMany();
  });
});
