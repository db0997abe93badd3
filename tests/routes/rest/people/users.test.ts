import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits } from "../../../../utils/contract/limits.ts";
import { me } from "../../../../utils/contract/schemas/auth.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { profile, type UserDto } from "../../../../utils/contract/schemas/users.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { createRest, type Rest } from "../../../support/client.ts";
import { type TestDatabase, testDatabase } from "../../../support/database/db.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { connect } from "../../../support/sockets/sockets.ts";

let database: TestDatabase;
let app: App;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const as = (person: Person): Rest => {
  const rest = createRest(app.url);
  rest.token = person.token;
  return rest;
};
const patch = (person: Person, json: unknown) => as(person).call("PATCH", "/api/users/me", { json });

describe("a profile", () => {
  it("is seen by guests and members, with what its owner tells of themselves and nothing private", async () => {
    const [ann, guest] = [await makeMember(app.services, { displayName: "Ann Profile" }), await makeGuest(app.services)];
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

  it("is not found for nobody, for who was erased, and for who waits to be", async () => {
    const [ann, gone, leaving] = [await makeMember(app.services), await makeGuest(app.services), await makeMember(app.services)];
    await database.db.user.update({ where: { id: gone.id }, data: { erasedAt: new Date() } });
    const deletion = { userId: leaving.id, dueAt: new Date(Date.now() + 1_000), messages: "keep", formerSelf: new Uint8Array(1) } as const;
    await database.db.accountDeletion.create({ data: deletion });
    for (const id of [newId(), gone.id, leaving.id]) expectError(await as(ann).get(`/api/users/${id}`), 404, "not_found");
    expectError(await as(ann).get("/api/users/nobody"), 400, "invalid_input");
  });
});

describe("changing one's profile", () => {
  it("leaves what was left out, and takes away what is empty", async () => {
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

  it("is for members: a guest is told what would change that", async () => {
    expectError(await patch(await makeGuest(app.services), { languages: ["en"] }), 403, "account_required");
  });

  it.each([
    ["bio", "a".repeat(limits.bioGraphemes), "a".repeat(limits.bioGraphemes + 1)],
    ["pronouns", "👩‍🚀".repeat(10), "a".repeat(limits.pronounsGraphemes + 1)],
  ])("holds %s to its length, counted as a reader would", async (field, right, wrong) => {
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
  ])("refuses in %s what would mislead a reader", async (field, text) => {
    expectError(await patch(await makeMember(app.services), { [field]: text }), 400, "invalid_input");
  });

  it.each([
    { role: "admin" },
    { kind: "bot" },
    { username: "other" },
    { privacy: { isAdmin: true } },
    { id: newId() },
    { languages: "en" },
  ])("refuses %o and changes nothing", async (json) => {
    const ann = await makeMember(app.services);
    expectError(await patch(ann, { bio: "new", ...json }), 400, "invalid_input");
    expect((await database.db.user.findUniqueOrThrow({ where: { id: ann.id } })).bio).toBeNull();
  });

  it("refuses a name that would be taken for staff, with three that are free, but not one that members share", async () => {
    await makeMember(app.services, { displayName: "Marlene", role: "moderator" });
    await makeMember(app.services, { displayName: "Shared Name" });
    const ann = await makeMember(app.services);
    const { suggestions } = expectError(await patch(ann, { displayName: "MarIene" }), 409, "name_taken");
    expect(suggestions).toHaveLength(3);
    expectError(await patch(ann, { displayName: "Deleted User" }), 409, "name_taken");
    expect((await patch(ann, { displayName: "Shared Name" })).status).toBe(200);
  });

  it("tells a new name to the room, to every own device, and uses it from the next message on", async () => {
    const [ann, bob] = [await makeMember(app.services, { displayName: "Before" }), await makeGuest(app.services)];
    const [roomId, phone] = [await makeRoom(app.services), await makeSession(app.services, ann)];
    const [live, other] = [await connect(app.url, phone.token), await connect(app.url, bob.token)];
    for (const one of [live, other]) await one.command("join_room", { roomId });
    await patch(ann, { displayName: "After" });
    for (const one of [live, other]) expect((await one.nextEvent("user_changed")).user).toMatchObject({ id: ann.id, displayName: "After" });
    const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: "hi" });
    expect(message.author.displayName).toBe("After");
    for (const one of [live, other]) one.close();
  });

  it("writes down which fields changed, and not what was in them", async () => {
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

describe("finding people", () => {
  const find = async (rest: Rest, query: string) => (await rest.get<Page<UserDto>>(`/api/users?${query}`)).body;
  let guest: Rest;

  beforeAll(async () => {
    guest = as(await makeGuest(app.services, { displayName: "Zora Guest" }));
    for (const username of ["zora", "zora.2", "zorah"]) await makeMember(app.services, { username, displayName: `Not ${username}` });
    for (const displayName of ["Zora Neale", "zora neale", "ZORA", "Zorba"]) await makeMember(app.services, { displayName });
    await makeMember(app.services, { username: "zorabot", displayName: "Zora Bot", kind: "bot" });
    const [gone, leaving] = [
      await makeMember(app.services, { displayName: "Zora Gone" }),
      await makeMember(app.services, { displayName: "Zora L" }),
    ];
    await database.db.user.update({ where: { id: gone.id }, data: { erasedAt: new Date(), username: null, usernameSkeleton: null } });
    const deletion = { userId: leaving.id, dueAt: new Date(Date.now() + 1_000), messages: "keep", formerSelf: new Uint8Array(1) } as const;
    await database.db.accountDeletion.create({ data: deletion });
  });

  it("finds members and bots by the beginning of username or name, usernames first, and nobody else", async () => {
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

  it("gives the same people page by page, each once", async () => {
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

  it.each(["%25", "_", "%5C", "zo%25", "%E2%80%8B"])("takes %s literally", async (query) => {
    expect((await find(guest, `query=${query}`)).items).toEqual([]);
  });

  it.each(["query=", "", `query=a&cursor=u.${newId()}`, "query=a&cursor=x", "query=a&limit=101", "query[]=a", "query=a&sort=id"])(
    "refuses %s",
    async (query) => void expectError(await guest.get(`/api/users?${query}`), 400, "invalid_input"),
  );

  it("reads along the indexes, however many people there are", async () => {
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
