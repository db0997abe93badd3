import { beforeAll, describe, expect, it } from "vitest";
import { policies } from "../../../../services/account/permissions.ts";
import { setContact } from "../../../../services/contacts/contacts.ts";
import type { ErrorCode } from "../../../../utils/contract/errors.ts";
import { type MeDto, type Permission, permissions } from "../../../../utils/contract/schemas/auth.ts";
import { newId } from "../../../../utils/ids.ts";
import { createRest, problemIn, type Rest } from "../../../support/client.ts";
import { issueSanction, makeGuest, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const rooms = { open: "", registered: "", phone_verified: "", age_verified: "" };

const { app, database } = await appForFile();

beforeAll(async () => {
  for (const accessLevel of ["open", "registered", "phone_verified", "age_verified"] as const)
    rooms[accessLevel] = await makeRoom(app.services, { accessLevel });
});

async function phoneVerified(): Promise<Person> {
  const person = await makeMember(app.services);
  await setContact(app.services, { userId: person.id, kind: "phone", value: "+4915112345678", isVerified: true });
  return person;
}

const under = (kind: "ban" | "mute", make: () => Promise<Person>) => async (): Promise<Person> => {
  const person = await make();
  await issueSanction(database, person.id, { kind, until: new Date(Date.now() + 3_600_000) });
  return person;
};

const guest = () => makeGuest(app.services);
const member = () => makeMember(app.services);

const people: Record<string, () => Promise<Person>> = {
  "a guest": guest,
  "a muted guest": under("mute", guest),
  "a banned guest": under("ban", guest),
  "a member": member,
  "a member with a phone": phoneVerified,
  "a muted member": under("mute", member),
  "a banned member": under("ban", member),
  "a bot": () => makeMember(app.services, { kind: "bot" }),
  "a moderator": () => makeMember(app.services, { role: "moderator" }),
  "an admin": () => makeMember(app.services, { role: "admin" }),
  "a banned admin": under("ban", () => makeMember(app.services, { role: "admin" })),
};

type PermissionRequest = (rest: Rest) => Promise<{ status: number; body: unknown }>;

const enter =
  (level: keyof typeof rooms): PermissionRequest =>
  (rest) =>
    rest.get(`/api/chatroom/rooms/${rooms[level]}`);

/** A request for each permission that changes nothing. There is no endpoint for reports yet. */
const requests: Record<Exclude<Permission, "report">, PermissionRequest> = {
  enter_open_rooms: enter("open"),
  enter_registered_rooms: enter("registered"),
  enter_phone_verified_rooms: enter("phone_verified"),
  enter_age_verified_rooms: enter("age_verified"),
  send_text: (rest) => rest.post(`/api/chatroom/rooms/${rooms.open}/messages`, { clientMessageId: newId(), text: "hello" }),
  send_links: (rest) =>
    rest.post(`/api/chatroom/rooms/${rooms.open}/messages`, { clientMessageId: newId(), text: "see https://example.org" }),
  upgrade: (rest) => rest.post("/api/auth/upgrade", { username: "a.new.name", password: "short" }),
  edit_profile: (rest) => rest.call("PATCH", "/api/users/me", { json: {} }),
  manage_account: (rest) => rest.post("/api/auth/change-password", { currentPassword: "not mine", newPassword: "short" }),
  export_data: (rest) => rest.post("/api/users/me/export"),
  delete_account: (rest) => rest.call("DELETE", "/api/users/me", { json: { confirmation: "DELETE", messages: "keep" } }),
  moderate: (rest) => rest.get("/api/moderation/cases"),
  manage_bots: (rest) => rest.get("/api/admin/bots"),
  change_roles: (rest) => rest.call("PUT", `/api/admin/users/${newId()}/role`, { json: { role: "member" } }),
};

/** Deleting a guest account ends the test user, so that permission comes last. */
const inOrder = [...permissions.filter((permission) => permission !== "delete_account"), "delete_account"] as const;

/** Errors for other reasons that callers with the permission may get. */
const beyond: readonly ErrorCode[] = ["step_up_required", "password_weak", "phone_required", "invalid_credentials", "not_found"];

describe.each(Object.entries(people))("%s", (_name, make) => {
  it("gets the results the policy defines from every endpoint, and the permissions in advance", async () => {
    const person = await make();
    const rest = createRest(app.url);
    rest.token = person.token;
    const actor = await app.services.sessions.actorOf(person.sessionId);
    const { body: me } = await rest.get<MeDto>("/api/auth/me");
    for (const permission of inOrder) {
      const verdict = policies[permission](actor);
      const trust = me.trust.find((one) => one.permission === permission);
      expect(trust, permission).toMatchObject({ isGranted: verdict.isGranted, reason: verdict.isGranted ? null : verdict.code });
      expect(me.permissions.includes(permission), permission).toBe(verdict.isGranted);
      if (permission === "report") continue;
      const answer = await requests[permission](rest);
      const { code } = problemIn(answer as never);
      if (!verdict.isGranted) expect({ permission, code }).toEqual({ permission, code: verdict.code });
      else expect(answer.status < 300 || beyond.includes(code), `${permission}: ${code}`).toBe(true);
    }
  });
});

it("permissions: name the step that unlocks them, if the user can take one", async () => {
  const rest = createRest(app.url);
  rest.token = (await guest()).token;
  const { trust } = (await rest.get<MeDto>("/api/auth/me")).body;
  const unlocked = Object.fromEntries(trust.filter(({ unlockedBy }) => unlockedBy !== null).map((one) => [one.permission, one.unlockedBy]));
  expect(unlocked).toEqual({
    enter_registered_rooms: "account",
    send_links: "account",
    enter_phone_verified_rooms: "account",
    enter_age_verified_rooms: "account",
    edit_profile: "account",
    manage_account: "account",
  });
});
