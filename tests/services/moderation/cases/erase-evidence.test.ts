import { beforeEach, describe, expect, it } from "vitest";
import purgeModeration from "../../../../jobs/moderation/purge-moderation.ts";
import { mergeHistory } from "../../../../services/guests/merge-history.ts";
import { purgeErasedGuests } from "../../../../services/guests/purge-guests.ts";
import { eraseUser } from "../../../../services/privacy/erasure/erase-user.ts";
import { DELETED_USER } from "../../../../utils/contract/deleted-user.ts";
import type { ReportDto } from "../../../../utils/contract/schemas/moderation/reports.ts";
import { restOf } from "../../../support/conversations.ts";
import { makeConversation, makeGuest, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { caseAbout, messageBy, readCaseAs, report, reportMessage, resolve, resolveAbout } from "../../../support/moderation/cases.ts";

const { app, database } = await appForFile();

let ann: Person;
let eve: Person;
let mod: Person;
let roomId: string;

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann Reporter" });
  eve = await makeMember(app.services, { displayName: "Eve Subject" });
  mod = await makeMember(app.services, { role: "moderator" });
  roomId = await makeRoom(app.services);
});

const erase = (person: Person) => eraseUser(app.services, { userId: person.id, displayName: DELETED_USER, messages: "keep" });
const everything = async (id: string) =>
  JSON.stringify(await database.db.moderationCase.findUniqueOrThrow({ where: { id }, include: { reports: true } }));

describe("erasing a user", () => {
  it("replaces the name in the evidence; the text stays until the case is decided", async () => {
    await messageBy(app, ann, roomId, "text before");
    const messageId = await messageBy(app, eve, roomId, "bad text");
    await reportMessage(app, ann, messageId);
    const { id } = await caseAbout(app, messageId);
    await erase(eve);
    const { evidence } = (await readCaseAs(app, mod, id)).body;
    expect(evidence.message).toMatchObject({ text: "bad text", author: { id: eve.id, displayName: DELETED_USER } });
    expect(evidence.context).toMatchObject([{ text: "text before", author: { displayName: "Ann Reporter" } }]);
    expect(await everything(id)).not.toContain("Eve Subject");
    await resolveAbout(app, mod, messageId, { outcome: "dismissed" });
    expect(await everything(id)).not.toContain("bad text");
    expect(await everything(id)).toContain("text before");
  });

  it("removes the texts from resolved cases, also where the user only wrote before the reported message", async () => {
    await messageBy(app, ann, roomId, "text before");
    const messageId = await messageBy(app, eve, roomId, "bad text");
    await reportMessage(app, mod, messageId);
    const { id } = await caseAbout(app, messageId);
    await resolveAbout(app, mod, messageId, { outcome: "dismissed" });
    await erase(ann);
    expect(await everything(id)).not.toMatch(/Ann Reporter|text before/);
    expect(await everything(id)).toMatch(/Eve Subject.*bad text|bad text.*Eve Subject/);
    await erase(eve);
    expect(await everything(id)).not.toMatch(/Eve Subject|bad text/);
  });

  it("empties a reported profile and the members of a conversation", async () => {
    await database.db.user.update({ where: { id: eve.id }, data: { bio: "About Eve", pronouns: "she" } });
    await report(app, ann, { target: { kind: "user", id: eve.id } });
    const talk = await makeConversation(app.services, [ann, eve]);
    await report(app, ann, { target: { kind: "conversation", id: talk } });
    const ids = [(await caseAbout(app, eve.id)).id, (await caseAbout(app, talk)).id];
    await erase(eve);
    for (const id of ids) expect(await everything(id)).not.toMatch(/Eve Subject|About Eve|"she"/);
  });

  it("keeps the user's reports without a name, and without the text once the case is resolved", async () => {
    const messageId = await messageBy(app, eve, roomId);
    const other = await messageBy(app, eve, roomId);
    for (const id of [messageId, other]) await reportMessage(app, ann, id, { text: "words of Ann" });
    const [open, closed] = [await caseAbout(app, messageId), await caseAbout(app, other)];
    await resolve(app, mod, closed, { outcome: "dismissed" });
    await erase(ann);
    expect((await readCaseAs(app, mod, closed.id)).body.reports).toMatchObject([
      { reporter: { displayName: DELETED_USER }, text: null, reason: "spam" },
    ]);
    expect((await readCaseAs(app, mod, open.id)).body.reports).toMatchObject([
      { reporter: { displayName: DELETED_USER }, text: "words of Ann" },
    ]);
    expect((await resolve(app, mod, open, { outcome: "dismissed" })).body.reports).toMatchObject([{ text: null }]);
    expect(await database.db.notification.count({ where: { userId: ann.id } })).toBe(0);
  });
});

describe("guest", () => {
  it("who reported something is kept as an empty row as long as the report", async () => {
    const guest = await makeGuest(app.services);
    const messageId = await messageBy(app, eve, roomId);
    await reportMessage(app, guest, messageId);
    await erase(guest);
    const long = new Date(Date.now() - 200 * 86_400_000);
    await database.db.user.update({ where: { id: guest.id }, data: { lastSeenAt: long, erasedAt: long } });
    expect(await purgeErasedGuests(app.services, { limit: 100 })).toBe(0);
    await database.pool.query("DELETE FROM moderation_cases WHERE target_id = $1", [messageId]);
    expect(await purgeErasedGuests(app.services, { limit: 100 })).toBe(1);
  });

  it("who becomes a member keeps their reports, and remains the subject of cases; of two reports in one case one stays", async () => {
    const guest = await makeGuest(app.services);
    const member = await makeMember(app.services);
    const [both, one] = [await messageBy(app, eve, roomId), await messageBy(app, eve, roomId)];
    for (const person of [guest, member]) await reportMessage(app, person, both);
    await reportMessage(app, guest, one);
    const own = await messageBy(app, guest, roomId);
    await reportMessage(app, ann, own);
    const merge = { guestId: guest.id, userId: member.id };
    await database.db.guestMerge.create({ data: { ...merge, createdAt: new Date(Date.now() - 60_000) } });
    expect(await mergeHistory(app.services, merge)).toBe(true);
    const { items } = (await restOf(app, member).get<{ items: ReportDto[] }>("/api/moderation/reports")).body;
    expect(items.map(({ target }) => target.id).sort()).toEqual([both, one].sort());
    expect(await database.db.report.count({ where: { reporterId: guest.id } })).toBe(0);
    const about = await caseAbout(app, own);
    expect(about).toMatchObject({
      subjectId: member.id,
      evidence: { message: { author: { id: member.id, displayName: guest.actor.displayName } } },
    });
    await erase(member);
    expect(await everything(about.id)).not.toContain(`"${guest.actor.displayName}"`);
  });
});

it("purging cases: removes cases with their reports 365 days after they were resolved, and keeps open ones and the actions", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const messageId = await messageBy(app, eve, roomId);
    await reportMessage(app, ann, messageId);
    ids.push((await caseAbout(app, messageId)).id);
    const actions = [{ kind: "warn", userId: eve.id, rule: "spam" }] as const;
    if (count > 0) await resolveAbout(app, mod, messageId, { outcome: "actioned", actions: [...actions] });
  }
  const [open = "", young = "", old = ""] = ids;
  await database.pool.query("UPDATE moderation_cases SET created_at = now() - interval '400 days' WHERE id = ANY($1)", [ids]);
  await database.pool.query("UPDATE moderation_cases SET resolved_at = now() - interval '364 days' WHERE id = $1", [young]);
  await database.pool.query("UPDATE moderation_cases SET resolved_at = now() - interval '366 days' WHERE id = $1", [old]);
  expect(await purgeModeration.run(app.services)).toBe(1);
  expect((await database.db.moderationCase.findMany({ where: { id: { in: ids } } })).map(({ id }) => id).sort()).toEqual(
    [open, young].sort(),
  );
  expect(await database.db.report.count({ where: { caseId: old } })).toBe(0);
  expect(await database.db.moderationAction.findMany({ where: { userId: eve.id }, orderBy: { caseId: "asc" } })).toMatchObject([
    { caseId: young },
    { caseId: null },
  ]);
});
