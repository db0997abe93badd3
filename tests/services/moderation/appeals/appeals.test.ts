import { beforeEach, describe, expect, it } from "vitest";
import { createAppeal } from "../../../../services/moderation/appeals/create-appeal.ts";
import { decideAppeal } from "../../../../services/moderation/appeals/decide-appeal.ts";
import { listAppeals } from "../../../../services/moderation/appeals/list-appeals.ts";
import { eraseUser } from "../../../../services/privacy/erasure/erase-user.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { issueSanction, makeMember, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();
let eve: Person;
let mod: Person;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  eve = await makeMember(app.services);
  mod = await makeMember(app.services, { role: "moderator" });
});

const appealOf = async (person: Person, text = "It was a joke.") => {
  const actionId = await issueSanction(app.services, person.id, { kind: "mute" });
  return createAppeal(ctxOf(app.services, person), { actionId, text });
};

const decide = (by: Person, appealId: string, outcome: "upheld" | "reversed" = "reversed") =>
  decideAppeal(ctxOf(app.services, by), { appealId, outcome, answer: "You are right." });

describe("erasing a user who appealed", () => {
  it("removes open appeals, and the texts of decided ones, which stay for the figures", async () => {
    const open = await appealOf(eve);
    const decided = await appealOf(eve);
    const kept = await appealOf(await makeMember(app.services));
    await decide(mod, decided.id, "upheld");
    await eraseUser(app.services, { userId: eve.id, displayName: "Deleted user", messages: "keep" });
    const rows = await database.db.appeal.findMany({ where: { id: { in: [open.id, decided.id, kept.id] } }, orderBy: { id: "asc" } });
    expect(rows).toMatchObject([
      { id: decided.id, text: "", answer: null, state: "upheld", decidedById: mod.id },
      { id: kept.id, text: "It was a joke.", state: "open" },
    ]);
    const { items } = await listAppeals(ctxOf(app.services, mod), { limit: 100 });
    expect(items.find(({ id }) => id === decided.id)).toMatchObject({ text: "", answer: null });
  });
});

describe("deciding an appeal", () => {
  it("changes nothing at all if a part of it fails", async () => {
    const { id, actionId } = await appealOf(eve);
    const suffix = newId().replaceAll("-", "");
    await database.pool.query(`
      CREATE FUNCTION reject_${suffix}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER reject_${suffix} BEFORE INSERT ON audit_log FOR EACH ROW WHEN (NEW.subject_id = '${id}') EXECUTE FUNCTION reject_${suffix}()`);
    await expect(decide(mod, id)).rejects.toThrow("no");
    await database.pool.query(`DROP TRIGGER reject_${suffix} ON audit_log`);
    expect(await database.db.appeal.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: "open", answer: null, decidedAt: null });
    expect(await database.db.moderationAction.findUniqueOrThrow({ where: { id: actionId } })).toMatchObject({ revertedAt: null });
    expect(await database.db.notification.count({ where: { userId: eve.id } })).toBe(0);
    expect(await decide(mod, id)).toMatchObject({ state: "reversed" });
    expect(await database.db.moderationAction.findUniqueOrThrow({ where: { id: actionId } })).toMatchObject({ revertedById: mod.id });
  });

  it("records the injected time", async () => {
    const { id } = await appealOf(eve);
    clock.advance(5 * 86_400_000);
    const before = clock.now().getTime();
    const decided = await decide(mod, id, "upheld");
    expect(Date.parse(decided.decidedAt ?? "")).toBeGreaterThanOrEqual(before);
  });
});
