import { afterEach, describe, expect, it } from "vitest";
import { sendMessage } from "../../../../services/messages/send.ts";
import { blockerFinders } from "../../../../services/privacy/erasure/deletion-blockers.ts";
import { eraseAccounts } from "../../../../services/privacy/erasure/erase-accounts.ts";
import { cancelDeletion } from "../../../../services/users/cancel-deletion.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { deletion } from "../../../../utils/contract/schemas/privacy.ts";
import { newId } from "../../../../utils/ids.ts";
import { newMember, signIn } from "../../../support/accounts.ts";
import { createRest } from "../../../support/client.ts";
import { movableClock } from "../../../support/clock.ts";
import { ctxOf, strangerCtx } from "../../../support/ctx.ts";
import { expectError } from "../../../support/expect.ts";
import {
  issueSanction,
  makeGuest,
  makeMember,
  makeRoom,
  makeSession,
  type Person,
  storedMessages,
  textFor,
} from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer } from "../../../support/page/visitor.ts";
import { connect } from "../../../support/sockets/sockets.ts";

const clock = movableClock();

const { app, database } = await appForFile({ now: clock.now });

// Restore the registered blockers for other tests.
const asked = [...blockerFinders];
afterEach(() => void blockerFinders.splice(0, blockerFinders.length, ...asked));

const proven = (displayName: string) => makeMember(app.services, { displayName, isProven: true });

function as(person: Person) {
  const rest = createRest(app.url);
  rest.token = person.token;
  return rest;
}

const leave = (person: Person, json: unknown = { confirmation: "DELETE", messages: "keep" }) =>
  as(person).call("DELETE", "/api/users/me", { json });
const userOf = (id: string) => database.db.user.findUniqueOrThrow({ where: { id } });
const back = (person: Person) => cancelDeletion({ ...app.services, ...strangerCtx(app.services) }, person.id);

describe("member who deletes their account", () => {
  it("is hidden immediately: anonymous in every room, signed out everywhere, and not found by search", async () => {
    const ann = await proven("Ann Leaving");
    const bob = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    await database.db.user.update({ where: { id: ann.id }, data: { bio: "bio of ann", role: "moderator" } });
    const phone = await makeSession(app.services, ann);
    const live = await connect(app.url, phone.token);
    const other = await connect(app.url, bob.token);
    for (const one of [other, live]) await one.command("join_room", { roomId });
    await other.nextEvent("user_joined", ({ users }) => users.some(({ id }) => id === ann.id));
    await live.command("send_message", { roomId, clientMessageId: newId(), text: "stays for now" });
    const answer = await leave(ann);
    expect(answer.status).toBe(202);
    const { deletesAt } = deletion.strict().parse(answer.body);
    expect(new Date(deletesAt).getTime() - clock.now().getTime()).toBeGreaterThan(limits.deletionGraceMs - 60_000);
    expect(await other.nextEvent("user_changed")).toMatchObject({ user: { id: ann.id, displayName: "Deleted user", role: "member" } });
    expect(await live.nextEvent("session_ended")).toMatchObject({ code: "session_revoked" });
    const left = await other.nextEvent("user_left", ({ users }) => users.some(({ id }) => id === ann.id));
    expect(JSON.stringify(left)).not.toContain("Ann Leaving");
    for (const who of [ann, phone]) expectError(await as(who).get("/api/auth/me"), 401, "session_revoked");
    expectError(await as(bob).get(`/api/users/${ann.id}`), 404, "not_found");
    expect((await as(bob).get<{ items: unknown[] }>(`/api/users?query=${ann.actor.username}`)).body.items).toEqual([]);
    const { messages } = await other.command("join_room", { roomId });
    expect(messages).toMatchObject([{ text: "stays for now", author: { displayName: "Deleted user", role: "member" } }]);
    expect(await userOf(ann.id)).toMatchObject({ username: ann.actor.username, bio: null, erasedAt: null });
    other.close();
  });

  it("is restored on signing in within 14 days, and the change is published", async () => {
    const ann = await proven("Ann Returns");
    const bob = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    await database.db.user.update({ where: { id: ann.id }, data: { bio: "bio", pronouns: "she", learning: ["de"], role: "moderator" } });
    const before = await userOf(ann.id);
    await sendMessage(ctxOf(app.services, ann), textFor(roomId));
    await app.services.joinLoader.enter(roomId, ann.id);
    const other = await connect(app.url, bob.token);
    await other.command("join_room", { roomId });
    await leave(ann);
    expect(await back(ann)).toBe(true);
    const after = await userOf(ann.id);
    expect({ ...after, presenceStatus: before.presenceStatus, lastSeenAt: before.lastSeenAt }).toEqual(before);
    await other.nextEvent("user_changed", ({ user }) => user.displayName === "Ann Returns");
    expect(await database.db.accountDeletion.count({ where: { userId: ann.id } })).toBe(0);
    expect(await back(ann)).toBe(false);
    const actions = await database.db.auditEntry.findMany({ where: { subjectId: ann.id }, orderBy: { id: "asc" } });
    expect(actions.map(({ action }) => action)).toEqual(["deletion_requested", "deletion_cancelled"]);
    other.close();
  });

  it("leaves their messages readable under a generic name while the deletion can be canceled, even those to be erased", async () => {
    const ann = await proven("Ann Erasing");
    const bob = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    await sendMessage(ctxOf(app.services, ann), textFor(roomId, { text: "stays for two weeks" }));
    expect((await leave(ann, { confirmation: "DELETE", messages: "erase" })).status).toBe(202);
    const read = async () => (await as(bob).get<{ items: object[] }>(`/api/chatroom/rooms/${roomId}/messages`)).body.items;
    expect(await read()).toMatchObject([{ text: "stays for two weeks", author: { displayName: "Deleted user" } }]);
    expect(await back(ann)).toBe(true);
    expect(await read()).toMatchObject([{ text: "stays for two weeks", author: { displayName: "Ann Erasing" } }]);
  });

  it("has no readable profile in the database during the grace period", async () => {
    const ann = await proven("Ann Canary Sealed");
    await database.db.user.update({ where: { id: ann.id }, data: { bio: "canary bio" } });
    await leave(ann);
    const { rows } = await database.pool.query<{ row: string }>(
      "SELECT t::text AS row FROM users t UNION ALL SELECT t::text FROM account_deletions t",
    );
    expect(rows.map(({ row }) => row).join()).not.toMatch(/canary/i);
  });
});

describe("deleted account", () => {
  it("is restored by signing in within 14 days, and is indistinguishable from an unknown one afterwards", async () => {
    const { visitor, auth, username, id } = await newMember(app, { displayName: "Ann Frontdoor" });
    const body = { confirmation: "DELETE", messages: "keep" };
    const leaving = async (headers: Record<string, string>) => visitor.call("/api/users/me", { method: "DELETE", body, headers });
    expect((await leaving(auth)).status).toBe(202);
    expect(visitor.cookies.has("refresh_token")).toBe(false);
    const returned = await signIn(app, { identifier: username });
    expect(returned.body).toMatchObject({ user: { id, username, displayName: "Ann Frontdoor" } });
    expect((await leaving(bearer(returned.body.accessToken))).status).toBe(202);
    clock.advance(limits.deletionGraceMs + 1_000);
    expect(await eraseAccounts(app.services, { limit: 100 })).toBeGreaterThan(0);
    expect(await signIn(app, { identifier: username })).toMatchObject({ status: 401, body: { code: "invalid_credentials" } });
    expect((await newMember(app, { username })).id).not.toBe(id);
  });
});

describe("deleting an account", () => {
  it("requires recent authentication, the typed confirmation, and no blockers", async () => {
    const stale = await makeMember(app.services);
    const ann = await proven("Ann Stays");
    expectError(await leave(stale), 403, "step_up_required");
    for (const json of [{ messages: "keep" }, { confirmation: "delete", messages: "keep" }, { confirmation: "DELETE" }, undefined])
      expectError(await leave(ann, json ?? { confirmation: "DELETE", messages: "keep", userId: stale.id }), 400, "invalid_input");
    const items = [{ kind: "sale", id: newId() }];
    blockerFinders.push(
      async () => items,
      async () => [],
    );
    expect(expectError(await leave(ann), 409, "delete_blocked")).toMatchObject({ items });
    for (const { id } of [stale, ann]) expect(await database.db.accountDeletion.count({ where: { userId: id } })).toBe(0);
    expect((await as(ann).get("/api/auth/me")).status).toBe(200);
  });

  it("happens once for concurrent requests", async () => {
    const ann = await proven("Ann Twice");
    const statuses = (await Promise.all([leave(ann), leave(ann)])).map(({ status }) => status).sort();
    expect(statuses).toEqual([202, 401]);
    expect(await database.db.auditEntry.count({ where: { subjectId: ann.id, action: "deletion_requested" } })).toBe(1);
  });

  it("clears the refresh cookie", async () => {
    const answer = await leave(await proven("Ann Cookie"));
    expect(String(answer.headers["set-cookie"])).toMatch(/refresh_token=;/);
  });

  it("is available to banned users", async () => {
    const ann = await proven("Ann Banned");
    await issueSanction(database, ann.id, { kind: "ban" });
    expect((await leave(ann)).status).toBe(202);
  });
});

describe("guest who leaves", () => {
  it.each(["keep", "erase"] as const)("is erased immediately; messages: %s", async (messages) => {
    const guest = await makeGuest(app.services, { displayName: "Guest Leaving" });
    const roomId = await makeRoom(app.services);
    await sendMessage(ctxOf(app.services, guest), textFor(roomId, { text: "guest words" }));
    const answer = await leave(guest, { confirmation: "DELETE", messages });
    expect(answer.status).toBe(202);
    await expect.poll(async () => (await userOf(guest.id)).erasedAt).not.toBeNull();
    expect(await userOf(guest.id)).toMatchObject({ displayName: "Deleted user", languages: [] });
    expect(await database.db.session.count({ where: { userId: guest.id } })).toBe(0);
    const [message] = await storedMessages(database.pool, roomId);
    expect(message).toMatchObject(messages === "keep" ? { text: "guest words", deleted_at: null } : { text: "" });
  });
});
