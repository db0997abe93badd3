import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MeDto } from "../../../../utils/contract/schemas/auth.ts";
import { user } from "../../../../utils/contract/schemas/users.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { createRest } from "../../../support/client.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { connect } from "../../../support/sockets/sockets.ts";

let app: App;
let other: App;
let admin: Person;

const database = await databaseForFile();

beforeAll(async () => {
  [app, other] = [await bootApp({ database: database.url }), await bootApp({ database: database.url })];
  admin = await makeMember(app.services, { role: "admin", isProven: true });
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

function as(person: Person, to = app) {
  const rest = createRest(to.url);
  rest.token = person.token;
  return rest;
}

const setRole = (by: Person, userId: string, role: unknown, to = app) =>
  as(by, to).call("PUT", `/api/admin/users/${userId}/role`, { json: { role } });
const roleOf = async (id: string) => (await database.db.user.findUniqueOrThrow({ where: { id } })).role;

describe("admin", () => {
  it("promotes members to moderator and admin, and demotes them; the audit log records the actor", async () => {
    const ann = await makeMember(app.services);
    for (const role of ["moderator", "admin", "member"] as const) {
      const { status, body } = await setRole(admin, ann.id, role);
      expect(status).toBe(200);
      expect(user.strict().parse(body)).toMatchObject({ id: ann.id, role });
      expect(await roleOf(ann.id)).toBe(role);
    }
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: ann.id }, orderBy: { id: "asc" } });
    expect(entries).toMatchObject([
      { action: "role_changed", actorId: admin.id, data: { from: "member", to: "moderator", sessionId: admin.sessionId } },
      { action: "role_changed", actorId: admin.id, data: { from: "moderator", to: "admin" } },
      { action: "role_changed", actorId: admin.id, data: { from: "admin", to: "member" } },
    ]);
  });

  it("changes nothing if the user already has the role", async () => {
    const ann = await makeMember(app.services);
    expect((await setRole(admin, ann.id, "member")).status).toBe(200);
    expect(await database.db.auditEntry.count({ where: { subjectId: ann.id } })).toBe(0);
  });

  it("cannot change their own role, or that of a guest, a bot or an unknown user", async () => {
    const guest = await makeGuest(app.services);
    const bot = await makeMember(app.services, { kind: "bot" });
    expect(expectError(await setRole(admin, admin.id, "member"), 409, "role_not_allowed")).toMatchObject({ reason: "oneself" });
    expect(expectError(await setRole(admin, guest.id, "moderator"), 409, "role_not_allowed")).toMatchObject({ reason: "guest" });
    expect(expectError(await setRole(admin, bot.id, "moderator"), 409, "role_not_allowed")).toMatchObject({ reason: "bot" });
    expectError(await setRole(admin, newId(), "moderator"), 404, "not_found");
    for (const role of ["guest", "owner", null]) expectError(await setRole(admin, guest.id, role), 400, "invalid_input");
    expect([await roleOf(admin.id), await roleOf(guest.id), await roleOf(bot.id)]).toEqual(["admin", "guest", "member"]);
  });

  it("needs recent authentication", async () => {
    const stale = await makeMember(app.services, { role: "admin" });
    const ann = await makeMember(app.services);
    expectError(await setRole(stale, ann.id, "moderator"), 403, "step_up_required");
    expect(await roleOf(ann.id)).toBe("member");
  });

  it("cannot be the last to leave: if two demote each other concurrently, one remains", async () => {
    for (let round = 0; round < 5; round += 1) {
      const one = await makeMember(app.services, { role: "admin", isProven: true });
      const two = await makeMember(app.services, { role: "admin", isProven: true });
      const answers = await Promise.all([setRole(one, two.id, "member"), setRole(two, one.id, "member", other)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
      expect([await roleOf(one.id), await roleOf(two.id)].sort()).toEqual(["admin", "member"]);
    }
  });
});

it.each([
  ["a guest", () => makeGuest(app.services)],
  ["a member", () => makeMember(app.services, { isProven: true })],
  ["a moderator", () => makeMember(app.services, { role: "moderator", isProven: true })],
])("role change: is forbidden for %s, without revealing whether the user exists", async (_who, make) => {
  const caller = await make();
  const ann = await makeMember(app.services);
  for (const id of [ann.id, caller.id, newId()]) expectError(await setRole(caller, id, "admin"), 403, "forbidden");
});

describe("user whose role changes", () => {
  const rights = async (person: Person, to: App) => (await as(person, to).get<MeDto>("/api/auth/me")).body;

  it("keeps the session and has the new permissions within 2 s on every node", async () => {
    const ann = await makeMember(app.services);
    for (const node of [app, other]) expect((await rights(ann, node)).permissions).not.toContain("change_roles");
    await setRole(admin, ann.id, "admin");
    expect(await rights(ann, app)).toMatchObject({ role: "admin", permissions: expect.arrayContaining(["change_roles"]) as unknown });
    await expect.poll(async () => (await rights(ann, other)).permissions, { timeout: 2_000 }).toContain("change_roles");
  });

  it("receives no further events of a room that required the former role, on either node", async () => {
    const hidden = await makeRoom(app.services, { accessLevel: "private" });
    for (const node of [app, other]) {
      const mod = await makeMember(app.services, { role: "moderator" });
      const live = await connect(node.url, mod.token);
      await live.command("join_room", { roomId: hidden });
      const since = performance.now();
      await setRole(admin, mod.id, "member");
      expect(await live.ended()).toBe("transport close");
      expect(performance.now() - since).toBeLessThan(2_000);
      const again = await connect(node.url, mod.token);
      expect(await again.ask("join_room", { roomId: hidden })).toMatchObject({ ok: false, error: { code: "not_found" } });
      again.close();
    }
  });
});
