import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { restOf, switchboard } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import {
  issueSanction,
  makeConversation,
  makeGuest,
  makeLounge,
  makeMember,
  makeRoom,
  type Person,
} from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { caseAbout, claim, messageBy, readCaseAs, release, report, reportMessage, resolve } from "../../../../support/moderation/cases.ts";

const { app, database } = await appForFile();
const { line, hangUp } = switchboard(() => app);

let ann: Person;
let eve: Person;
let mod: Person;
let admin: Person;
let keeper: Person;
let loungeId: string;

/** Makes a user a moderator of a lounge. */
const appoint = async (person: Person, lounge: string) => {
  await database.db.loungeModerator.create({ data: { loungeId: lounge, userId: person.id } });
  app.services.sessions.invalidate(person.sessionId);
};

beforeEach(async () => {
  ann = await makeMember(app.services);
  eve = await makeMember(app.services);
  mod = await makeMember(app.services, { role: "moderator" });
  admin = await makeMember(app.services, { role: "admin" });
  keeper = await makeMember(app.services);
  loungeId = await makeLounge(app.services);
  await appoint(keeper, loungeId);
});

afterEach(hangUp);

/** Returns the room of the lounge. */
async function roomIn(lounge: string): Promise<string> {
  const room = await database.db.room.findFirst({ where: { loungeId: lounge } });
  return room?.id ?? makeRoom(app.services, { loungeId: lounge });
}

async function caseOf(author: Person, where: { loungeId?: string; conversation?: true } = {}) {
  const language = () => (where.loungeId === undefined ? makeRoom(app.services) : roomIn(where.loungeId));
  const roomId = where.conversation ? await makeConversation(app.services, [ann, author]) : await language();
  const messageId = await messageBy(app, author, roomId);
  expect((await reportMessage(app, ann, messageId)).status).toBe(201);
  return caseAbout(app, messageId);
}

type Found = { id: string; version: number };
const listed = async (person: Person, subject: Person) =>
  (await restOf(app, person).get<{ items: CaseDto[] }>(`/api/moderation/cases?subjectId=${subject.id}`)).body.items.map(({ id }) => id);
const attempts = async (person: Person, found: Found) => [
  await readCaseAs(app, person, found.id),
  await claim(app, person, found),
  await release(app, person, found),
  await resolve(app, person, found, { outcome: "dismissed" }),
];
/** Claims, releases and resolves a case as a user who may do so. */
async function expectAllowed(person: Person, { id, version }: Found) {
  expect((await readCaseAs(app, person, id)).status).toBe(200);
  expect((await claim(app, person, { id, version })).status).toBe(200);
  expect((await release(app, person, { id, version: version + 1 })).status).toBe(200);
  expect((await resolve(app, person, { id, version: version + 2 }, { outcome: "dismissed" })).status).toBe(200);
}

describe("access to cases", () => {
  it("is granted to staff only", async () => {
    const found = await caseOf(eve);
    for (const person of [ann, eve, await makeGuest(app.services), await makeMember(app.services, { kind: "bot", role: "moderator" })]) {
      expectError(await restOf(app, person).get("/api/moderation/cases"), 403, "forbidden");
      for (const answer of await attempts(person, found)) expectError(answer, 403, "forbidden");
      expectError(await restOf(app, person).get("/api/moderation/figures"), 403, "forbidden");
    }
    await expectAllowed(mod, found);
  });

  it("ends with a ban of the moderator", async () => {
    const found = await caseOf(eve);
    await issueSanction(app.services, mod.id, { kind: "ban" });
    app.services.sessions.invalidate(mod.sessionId);
    for (const answer of await attempts(mod, found)) expectError(answer, 403, "banned");
  });

  it("of a moderator of a lounge is limited to that lounge; conversations and users belong to the staff of the site", async () => {
    const home = await caseOf(eve, { loungeId });
    const away = await caseOf(eve);
    const talk = await caseOf(eve, { conversation: true });
    await report(app, ann, { target: { kind: "user", id: eve.id } });
    const profile = await caseAbout(app, eve.id);
    expect(await listed(keeper, eve)).toEqual([home.id]);
    expect((await listed(mod, eve)).sort()).toEqual([home, away, talk, profile].map(({ id }) => id).sort());
    for (const found of [away, talk, profile]) for (const answer of await attempts(keeper, found)) expectError(answer, 403, "forbidden");
    const related = (await readCaseAs(app, keeper, home.id)).body.relatedCases;
    expect(related).toEqual([]);
    await expectAllowed(keeper, home);
    await expectAllowed(mod, away);
  });

  it("lets a moderator of a lounge take actions there, but not on the whole site", async () => {
    const found = await caseOf(eve, { loungeId });
    const ban = (kind: "ban_site" | "ban_lounge") => [{ kind, userId: eve.id, rule: "spam" as const }];
    expectError(await resolve(app, keeper, found, { outcome: "actioned", actions: ban("ban_site") }), 403, "forbidden");
    const answer = await resolve(app, keeper, found, { outcome: "actioned", actions: ban("ban_lounge") });
    expect(answer).toMatchObject({ status: 200, body: { actions: [{ kind: "ban_lounge", scope: { kind: "lounge", id: loungeId } }] } });
  });

  it("publishes cases of a lounge to its moderators, and no others", async () => {
    const theirs = await line(keeper);
    const isKnown = async () => {
      await caseOf(eve, { loungeId });
      return theirs.received.some(({ name }) => name === "case_changed");
    };
    // The list of staff may be a second old.
    await expect.poll(isKnown, { timeout: 20_000, interval: 200 }).toBe(true);
    const away = await caseOf(eve);
    const home = await caseOf(eve, { loungeId });
    await theirs.nextEvent("case_changed", (payload) => payload.case.id === home.id);
    expect(theirs.received.some(({ name, payload }) => name === "case_changed" && (payload as { case: CaseDto }).case.id === away.id)).toBe(
      false,
    );
  });

  it("to cases about moderators is limited to admins, also for moderators of lounges", async () => {
    for (const subject of [await makeMember(app.services, { role: "moderator" }), keeper]) {
      const found = await caseOf(subject, { loungeId });
      expect(await listed(mod, subject)).toEqual([]);
      for (const answer of await attempts(mod, found)) expectError(answer, 403, "forbidden");
      expect(await listed(admin, subject)).toEqual([found.id]);
      await expectAllowed(admin, found);
    }
  });

  it("is never granted to the subject, who would learn who reported them", async () => {
    const found = await caseOf(admin);
    expect(await listed(admin, admin)).toEqual([]);
    for (const answer of await attempts(admin, found)) expectError(answer, 403, "forbidden");
    await expectAllowed(await makeMember(app.services, { role: "admin" }), found);
  });

  it("uses the subject's current role: a moderator cannot decide about a user who has become one", async () => {
    const found = await caseOf(eve);
    await database.db.user.update({ where: { id: eve.id }, data: { role: "moderator" } });
    for (const answer of [await claim(app, mod, found), await resolve(app, mod, found, { outcome: "dismissed" })])
      expectError(answer, 403, "forbidden");
    await expectAllowed(admin, found);
  });

  it("uses the caller's current role", async () => {
    const found = await caseOf(eve);
    expect((await readCaseAs(app, mod, found.id)).status).toBe(200);
    await database.db.user.update({ where: { id: mod.id }, data: { role: "member" } });
    expectError(await claim(app, mod, found), 403, "forbidden");
  });
});
