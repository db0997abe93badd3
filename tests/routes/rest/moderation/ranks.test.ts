import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mayModerate } from "../../../../utils/contract/ranks.ts";
import type { HeldMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { roles } from "../../../../utils/contract/schemas/users.ts";
import { newId } from "../../../../utils/ids.ts";
import { makeOpenConversation, placed, restOf, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { decideHeld } from "../../../support/moderation/cases.ts";

let roomId: string;
let member: Person;
let moderator: Person;
let colleague: Person;
let admin: Person;
let second: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  roomId = await makeRoom(app.services);
  const make = (role: "member" | "moderator" | "admin") => makeMember(app.services, { role });
  member = await make("member");
  [moderator, colleague] = [await make("moderator"), await make("moderator")];
  [admin, second] = [await make("admin"), await make("admin")];
});

afterEach(hangUp);

/** Sends a message of a user in the language room. @returns its id */
async function messageOf(person: Person): Promise<string> {
  const live = await line(person);
  await live.command("join_room", { roomId });
  const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: "first words" });
  return placed(message).id;
}

const path = (messageId: string) => `/api/chatroom/messages/${messageId}`;
const deleting = (person: Person, messageId: string) => restOf(app, person).call("DELETE", path(messageId));
const pinning = (method: "PUT" | "DELETE") => (person: Person, messageId: string) =>
  restOf(app, person).call(method, `${path(messageId)}/pin`);
const reading = (person: Person, messageId: string) => restOf(app, person).get(`${path(messageId)}/history`);

describe("moderation by role", () => {
  it("follows one rule: staff moderate lower roles, admins everyone else, and no one themselves", () => {
    const allowed = roles.flatMap((role) =>
      roles.flatMap((other) => (mayModerate({ id: "a", role }, { id: "b", role: other }) ? [`${role} ${other}`] : [])),
    );
    const admins = roles.map((other) => `admin ${other}`);
    expect(allowed.sort()).toEqual([...admins, "moderator guest", "moderator member"].sort());
    for (const role of roles) expect(mayModerate({ id: "a", role }, { id: "a", role })).toBe(false);
  });

  it.each([
    ["a moderator", "a member", true],
    ["a moderator", "another moderator", false],
    ["a moderator", "an admin", false],
    ["an admin", "a moderator", true],
    ["an admin", "another admin", true],
  ] as const)("%s pins, unpins, reads the history of and deletes a message of %s: %s", async (who, whose, isAllowed) => {
    const actor = who === "a moderator" ? moderator : admin;
    const author = {
      "a member": member,
      "another moderator": colleague,
      "a moderator": moderator,
      "an admin": admin,
      "another admin": second,
    }[whose];
    const messageId = await messageOf(author);
    const answers = [
      await pinning("PUT")(actor, messageId),
      await pinning("DELETE")(actor, messageId),
      await reading(actor, messageId),
      await deleting(actor, messageId),
      await reading(actor, messageId),
    ];
    if (isAllowed) expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    else for (const answer of answers) expectError(answer, 403, "forbidden");
  });

  it("uses the author's current role: a moderator cannot delete or unpin a message of a user who has become an admin", async () => {
    const messageId = await messageOf(member);
    expect((await pinning("PUT")(moderator, messageId)).status).toBe(200);
    await database.db.user.update({ where: { id: member.id }, data: { role: "admin" } });
    expectError(await pinning("DELETE")(moderator, messageId), 403, "forbidden");
    expectError(await deleting(moderator, messageId), 403, "forbidden");
    expectError(await reading(moderator, messageId), 403, "forbidden");
  });

  it("lets users moderate their own messages: staff pin and delete theirs, and read their history", async () => {
    const messageId = await messageOf(moderator);
    for (const answer of [
      await pinning("PUT")(moderator, messageId),
      await reading(moderator, messageId),
      await deleting(moderator, messageId),
    ])
      expect(answer.status).toBe(200);
  });
});

describe("message deleted by staff", () => {
  it("is recorded in the audit log; one deleted by its author is not", async () => {
    const own = await messageOf(member);
    const others = await messageOf(member);
    expect((await deleting(member, own)).status).toBe(200);
    expect((await deleting(moderator, others)).status).toBe(200);
    const [action, ...more] = await database.db.moderationAction.findMany({ where: { messageId: { in: [own, others] } } });
    expect(more).toEqual([]);
    expect(await database.db.auditEntry.findMany({ where: { subjectId: action?.id ?? "" } })).toMatchObject([
      { action: "action_taken", subjectType: "action", actorId: moderator.id },
    ]);
  });
});

describe("message pending review", () => {
  async function heldOf(author: Person): Promise<HeldMessageDto> {
    for (let count = 0; ; count += 1) {
      const talk = await makeOpenConversation(app, author, await makeMember(app.services));
      const body = { text: "Buy my very special offer today", clientMessageId: newId() };
      const { body: sent } = await restOf(app, author).post<HeldMessageDto>(`/api/chatroom/rooms/${talk}/messages`, body);
      if (sent.seq === null) return sent;
      expect(count).toBeLessThan(5);
    }
  }
  it("cannot be decided by its author, or by users of the same or a lower rank, and remains pending", async () => {
    const held = await heldOf(member);
    for (const [role, deciders] of [
      ["moderator", [member, moderator]],
      ["admin", [member, moderator]],
    ] as const) {
      await database.db.user.update({ where: { id: member.id }, data: { role } });
      for (const person of deciders)
        for (const outcome of ["approved", "refused"] as const)
          expectError(await decideHeld(app, person, held.id, outcome), 403, "forbidden");
    }
    expect((await decideHeld(app, admin, held.id, "approved")).status).toBe(200);
  });
});
