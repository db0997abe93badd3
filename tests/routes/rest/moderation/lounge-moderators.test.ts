import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { eraseUser } from "../../../../services/privacy/erasure/erase-user.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeLounge, makeMember, type Person } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { connect } from "../../../support/sockets/sockets.ts";

const HOUR_MS = 3_600_000;

let app: App;
let other: App;
let admin: Person;
let ann: Person;
let eve: Person;
let loungeId: string;

const database = await databaseForFile();

beforeAll(async () => {
  app = await bootApp({ database: database.url });
  other = await bootApp({ database: database.url });
  admin = await makeMember(app.services, { role: "admin", isProven: true });
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

beforeEach(async () => {
  ann = await makeMember(app.services);
  eve = await makeMember(app.services);
  loungeId = await makeLounge(app.services);
});

const pathOf = (userId: string, lounge = loungeId): string => `/api/admin/lounges/${lounge}/moderators/${userId}`;
const add = (by: Person, userId: string, lounge = loungeId) => restOf(app, by).call("PUT", pathOf(userId, lounge));
const remove = (by: Person, userId: string, lounge = loungeId) => restOf(app, by).call("DELETE", pathOf(userId, lounge));
const isModerator = async (userId: string) => (await database.db.loungeModerator.count({ where: { loungeId, userId } })) === 1;
const entriesAbout = (subjectId: string) => database.db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: "asc" } });

/** Mutes Eve in the lounge. @returns the status of the answer */
const muteEve = async (by: Person, node: App): Promise<number> => {
  const action = { kind: "mute", userId: eve.id, rule: "spam", durationMs: HOUR_MS, scope: { kind: "lounge", id: loungeId } };
  return (await restOf(node, by).post("/api/moderation/actions", action)).status;
};

describe("moderators of a lounge", () => {
  it("are added and removed by admins; the audit log records both, and repeating either changes nothing", async () => {
    for (let count = 0; count < 2; count += 1) expect((await add(admin, ann.id)).status).toBe(204);
    expect(await isModerator(ann.id)).toBe(true);
    for (let count = 0; count < 2; count += 1) expect((await remove(admin, ann.id)).status).toBe(204);
    expect(await isModerator(ann.id)).toBe(false);
    const data = { loungeId, sessionId: admin.sessionId };
    expect(await entriesAbout(ann.id)).toMatchObject([
      { action: "lounge_moderator_added", actorId: admin.id, data },
      { action: "lounge_moderator_removed", actorId: admin.id, data },
    ]);
  });

  it("must be members: neither guests nor bots, nor the admin who adds them, nor unknown users", async () => {
    const guest = await makeGuest(app.services);
    const bot = await makeMember(app.services, { kind: "bot" });
    expect(expectError(await add(admin, guest.id), 409, "role_not_allowed")).toMatchObject({ reason: "guest" });
    expect(expectError(await add(admin, bot.id), 409, "role_not_allowed")).toMatchObject({ reason: "bot" });
    expect(expectError(await add(admin, admin.id), 409, "role_not_allowed")).toMatchObject({ reason: "oneself" });
    expectError(await add(admin, newId()), 404, "not_found");
    expectError(await add(admin, ann.id, newId()), 404, "not_found");
    expectError(await add(admin, "x"), 400, "invalid_input");
    expect(await database.db.loungeModerator.count({ where: { loungeId } })).toBe(0);
  });

  it("can only be changed by an admin who has recently confirmed their identity", async () => {
    const stale = await makeMember(app.services, { role: "admin" });
    expectError(await add(stale, ann.id), 403, "step_up_required");
    expect(await isModerator(ann.id)).toBe(false);
    await add(admin, ann.id);
    expectError(await remove(stale, ann.id), 403, "step_up_required");
    expect(await isModerator(ann.id)).toBe(true);
  });

  it.each([
    ["guests", () => makeGuest(app.services)],
    ["members", () => makeMember(app.services, { isProven: true })],
    ["moderators of the site", () => makeMember(app.services, { role: "moderator", isProven: true })],
    ["bots", () => makeMember(app.services, { kind: "bot", role: "admin", isProven: true })],
  ])("cannot be changed by %s, who do not learn whether a user exists", async (_who, make) => {
    const caller = await make();
    for (const id of [ann.id, newId()]) {
      expectError(await add(caller, id), 403, "forbidden");
      expectError(await remove(caller, id), 403, "forbidden");
    }
    expect(await isModerator(ann.id)).toBe(false);
  });

  it("cannot add others, or remove each other", async () => {
    const bob = await makeMember(app.services, { isProven: true });
    for (const { id } of [ann, bob]) await add(admin, id);
    expectError(await add(bob, eve.id), 403, "forbidden");
    expectError(await remove(bob, ann.id), 403, "forbidden");
    expect(await isModerator(ann.id)).toBe(true);
  });

  it("cannot be changed by an admin who lost the role while the request was waiting", async () => {
    const former = await makeMember(app.services, { role: "admin", isProven: true });
    await restOf(app, former).get("/api/auth/me");
    await database.db.user.update({ where: { id: former.id }, data: { role: "member" } });
    expectError(await add(former, ann.id), 403, "forbidden");
    expect(await isModerator(ann.id)).toBe(false);
  });

  it("can act within 2 s on every node once they are added, and no longer once they are removed", async () => {
    for (const node of [app, other]) expect(await muteEve(ann, node)).toBe(403);
    await add(admin, ann.id);
    expect(await muteEve(ann, app)).toBe(201);
    await expect.poll(() => muteEve(ann, other), { timeout: 2_000 }).toBe(201);
    const live = await connect(app.url, ann.token);
    await remove(admin, ann.id);
    expect(await live.ended()).toBe("transport close");
    for (const node of [app, other]) expect(await muteEve(ann, node)).toBe(403);
  });

  it("moderate the given lounge only", async () => {
    await add(admin, ann.id, await makeLounge(app.services));
    expect(await muteEve(ann, app)).toBe(403);
    await add(admin, ann.id);
    expect(await muteEve(ann, app)).toBe(201);
  });

  it("lose the role when their account is erased", async () => {
    await add(admin, ann.id);
    await eraseUser(app.services, { userId: ann.id, displayName: "Deleted user", messages: "keep" });
    expect(await isModerator(ann.id)).toBe(false);
  });
});
