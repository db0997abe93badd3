import { beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../../../utils/contract/limits.ts";
import { me } from "../../../../utils/contract/schemas/auth.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { profile, type UserDto } from "../../../../utils/contract/schemas/users.ts";
import { newId } from "../../../../utils/ids.ts";
import { createRest, type Rest } from "../../../support/client.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { connect } from "../../../support/sockets/sockets.ts";

const { app, database } = await appForFile();

const as = (person: Person): Rest => {
  const rest = createRest(app.url);
  rest.token = person.token;
  return rest;
};
const patch = (person: Person, json: unknown) => as(person).call("PATCH", "/api/users/me", { json });

describe("profile", () => {
  it("is visible to guests and members, with the public fields only", async () => {
    const ann = await makeMember(app.services, { displayName: "Ann Profile" });
    const guest = await makeGuest(app.services);
    await patch(ann, { bio: "I like owls.", pronouns: "she/her", learning: ["pt-BR", "pt-BR"], languages: ["en"] });
    const { status, body } = await as(guest).get(`/api/users/${ann.id}`);
    expect(status).toBe(200);
    expect(profile.strict().parse(body)).toMatchObject({
      bio: "I like owls.",
      pronouns: "she/her",
      learning: ["pt-BR"],
      languages: ["en"],
    });
  });

  it("responds with not_found for unknown and erased users, and during a pending deletion", async () => {
    const ann = await makeMember(app.services);
    const gone = await makeGuest(app.services);
    const leaving = await makeMember(app.services);
    await database.db.user.update({ where: { id: gone.id }, data: { erasedAt: new Date() } });
    const deletion = {
      userId: leaving.id,
      dueAt: new Date(Date.now() + 1_000),
      messages: "keep",
      profileSnapshot: new Uint8Array(1),
    } as const;
    await database.db.accountDeletion.create({ data: deletion });
    for (const id of [newId(), gone.id, leaving.id]) expectError(await as(ann).get(`/api/users/${id}`), 404, "not_found");
    expectError(await as(ann).get("/api/users/nobody"), 400, "invalid_input");
  });
});

describe("updating the profile", () => {
  it("keeps omitted fields, and clears empty ones", async () => {
    const ann = await makeMember(app.services);
    await patch(ann, { bio: "one\r\ntwo", pronouns: "they" });
    const { status, body } = await patch(ann, { pronouns: "", privacy: { showsReceipts: false } });
    expect(status).toBe(200);
    expect(me.strict().parse(body)).toMatchObject({
      bio: "one\ntwo",
      pronouns: null,
      privacy: { showsReceipts: false, whoMayWrite: "shares_room", isInvisible: false },
    });
  });

  it("requires a member: a guest gets account_required", async () => {
    expectError(await patch(await makeGuest(app.services), { languages: ["en"] }), 403, "account_required");
  });

  it.each([
    ["bio", "a".repeat(limits.bioGraphemes), "a".repeat(limits.bioGraphemes + 1)],
    ["pronouns", "👩‍🚀".repeat(10), "a".repeat(limits.pronounsGraphemes + 1)],
  ])("limits the length of %s, counted in graphemes", async (field, right, wrong) => {
    const ann = await makeMember(app.services);
    expect((await patch(ann, { [field]: right })).status).toBe(200);
    expectError(await patch(ann, { [field]: wrong }), 422, "text_too_long");
  });

  it.each([
    ["bio", "a\u202Eb"],
    ["bio", "a\u0000b"],
    ["pronouns", "a\u2066b"],
    ["displayName", "A\u202EB"],
    ["displayName", "x"],
  ])("rejects misleading characters in %s", async (field, text) => {
    expectError(await patch(await makeMember(app.services), { [field]: text }), 400, "invalid_input");
  });

  it.each([
    { role: "admin" },
    { kind: "bot" },
    { username: "other" },
    { privacy: { isAdmin: true } },
    { id: newId() },
    { languages: "en" },
  ])("rejects %o and changes nothing", async (json) => {
    const ann = await makeMember(app.services);
    expectError(await patch(ann, { bio: "new", ...json }), 400, "invalid_input");
    expect((await database.db.user.findUniqueOrThrow({ where: { id: ann.id } })).bio).toBeNull();
  });

  it("rejects a name that resembles staff, with three available suggestions, but not one that members share", async () => {
    await makeMember(app.services, { displayName: "Marlene", role: "moderator" });
    await makeMember(app.services, { displayName: "Shared Name" });
    const ann = await makeMember(app.services);
    const { suggestions } = expectError(await patch(ann, { displayName: "MarIene" }), 409, "name_taken");
    expect(suggestions).toHaveLength(3);
    expectError(await patch(ann, { displayName: "Deleted User" }), 409, "name_taken");
    expect((await patch(ann, { displayName: "Shared Name" })).status).toBe(200);
  });

  it("publishes a new name to the room and to every own device, and uses it for the next messages", async () => {
    const ann = await makeMember(app.services, { displayName: "Before" });
    const bob = await makeGuest(app.services);
    const roomId = await makeRoom(app.services);
    const phone = await makeSession(app.services, ann);
    const live = await connect(app.url, phone.token);
    const other = await connect(app.url, bob.token);
    for (const one of [live, other]) await one.command("join_room", { roomId });
    await patch(ann, { displayName: "After" });
    for (const one of [live, other]) expect((await one.nextEvent("user_changed")).user).toMatchObject({ id: ann.id, displayName: "After" });
    const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: "hi" });
    expect(message.author.displayName).toBe("After");
    for (const one of [live, other]) one.close();
  });

  it("records which fields changed, but not their values", async () => {
    const ann = await makeMember(app.services);
    await patch(ann, { bio: "secret canary", displayName: "Canary Name" });
    const [entry] = await database.db.auditEntry.findMany({ where: { subjectId: ann.id } });
    expect(entry).toMatchObject({
      action: "profile_changed",
      actorId: ann.id,
      data: { fields: ["displayName", "bio"], sessionId: ann.sessionId },
    });
  });
});

describe("searching for users", () => {
  const find = async (rest: Rest, query: string) => (await rest.get<Page<UserDto>>(`/api/users?${query}`)).body;
  let guest: Rest;

  beforeAll(async () => {
    guest = as(await makeGuest(app.services, { displayName: "Zora Guest" }));
    for (const username of ["zora", "zora.2", "zorah"]) await makeMember(app.services, { username, displayName: `Not ${username}` });
    for (const displayName of ["Zora Neale", "zora neale", "ZORA", "Zorba"]) await makeMember(app.services, { displayName });
    await makeMember(app.services, { username: "zorabot", displayName: "Zora Bot", kind: "bot" });
    const gone = await makeMember(app.services, { displayName: "Zora Gone" });
    const leaving = await makeMember(app.services, { displayName: "Zora L" });
    await database.db.user.update({ where: { id: gone.id }, data: { erasedAt: new Date(), username: null, usernameSkeleton: null } });
    const deletion = {
      userId: leaving.id,
      dueAt: new Date(Date.now() + 1_000),
      messages: "keep",
      profileSnapshot: new Uint8Array(1),
    } as const;
    await database.db.accountDeletion.create({ data: deletion });
  });

  it("matches members and bots by prefix of username or name, usernames first, and no one else", async () => {
    const { items, nextCursor } = await find(guest, "query=zora");
    expect(items.map(({ username, displayName }) => (username?.startsWith("zora") ? username : displayName))).toEqual([
      "zora",
      "zora.2",
      "zorabot",
      "zorah",
      "ZORA",
      "Zora Neale",
      "zora neale",
    ]);
    expect(nextCursor).toBeNull();
  });

  it("returns the same users page by page, each once", async () => {
    const whole = (await find(guest, "query=zora")).items.map(({ id }) => id);
    for (const limit of [1, 2, 3, 4, 6]) {
      const paged: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const page: Page<UserDto> = await find(guest, `query=ZORA&limit=${limit}${cursor === "" ? "" : `&cursor=${cursor}`}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        paged.push(...page.items.map(({ id }) => id));
        ({ nextCursor: cursor } = page);
      }
      expect(paged).toEqual(whole);
    }
  });

  it.each(["%25", "_", "%5C", "zo%25", "%E2%80%8B"])("treats %s literally", async (query) => {
    expect((await find(guest, `query=${query}`)).items).toEqual([]);
  });

  it.each(["query=", "", `query=a&cursor=u.${newId()}`, "query=a&cursor=x", "query=a&limit=101", "query[]=a", "query=a&sort=id"])(
    "rejects %s",
    async (query) => void expectError(await guest.get(`/api/users?${query}`), 400, "invalid_input"),
  );

  it("uses the indexes, regardless of the number of users", async () => {
    await database.pool.query(`INSERT INTO users (id, kind, role, username, username_skeleton, display_name, name_skeleton, languages)
      SELECT gen_random_uuid(), 'member', 'member', 'mass' || n, 'mass' || n, 'Mass ' || n, 'rnass' || n, '{}' FROM generate_series(1, 20000) n`);
    const plan = async (text: string, values: unknown[]) => {
      const { rows } = await database.pool.query<Record<string, string>>(`EXPLAIN ${text}`, values);
      return rows.map((row) => Object.values(row).join()).join("\n");
    };
    const where = "u.kind <> 'guest' AND u.erased_at IS NULL";
    const range = (column: string) =>
      `SELECT u.id FROM users u WHERE ${where} AND ${column} ~>=~ $1 AND ${column} ~<~ $2 ORDER BY ${column} USING ~<~ LIMIT 50`;
    expect(await plan(range("u.username_skeleton"), ["rnass", "rnass\u{10FFFF}"])).toContain("users_username_prefix_idx");
    expect(await plan(range("u.name_skeleton"), ["rnass", "rnass\u{10FFFF}"])).toContain("users_name_prefix_idx");
    expect((await find(guest, "query=mass&limit=100")).items).toHaveLength(100);
  });
});
