import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { codeOf, letWrite, openConversation, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

let ann: Person;
let bob: Person;
/** Only contacts may write to her without a request. */
let cleo: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  [ann, bob, cleo] = [await makeMember(app.services), await makeMember(app.services), await makeMember(app.services)];
  await letWrite(app, bob, "everyone");
  await letWrite(app, cleo, "contacts");
});
afterEach(hangUp);

const requests = async (person: Person) =>
  (await restOf(app, person).get<{ items: ConversationDto[] }>("/api/conversations?state=requested")).body.items;
const block = (person: Person, who: Person) => restOf(app, person).call("PUT", `/api/users/me/blocks/${who.id}`);
const unblock = (person: Person, who: Person) => restOf(app, person).call("DELETE", `/api/users/me/blocks/${who.id}`);
const ids = (conversations: readonly ConversationDto[]) => conversations.map(({ id }) => id).sort();

/** Ann sends Cleo a message request, and invites her to a group. */
async function ask(): Promise<{ direct: string; group: string }> {
  const direct = (await openConversation(app, ann, { userId: cleo.id })).body.id;
  expect(codeOf(await sayIn(await line(ann), direct, "May I?"))).toBe("ok");
  const group = (await openConversation(app, ann, { userIds: [bob.id, cleo.id], name: "Trees" })).body.id;
  return { direct, group };
}

describe("removing a block that was just made", () => {
  it("restores the message request and the invitation that the block declined, as they were", async () => {
    const { direct, group } = await ask();
    const before = await requests(cleo);
    expect(ids(before)).toEqual([direct, group].sort());
    await block(cleo, ann);
    expect(await requests(cleo)).toEqual([]);
    expect((await unblock(cleo, ann)).status).toBe(204);
    expect(await requests(cleo)).toEqual(before);
    const accepted = await restOf(app, cleo).post<ConversationDto>(`/api/conversations/${group}/accept`);
    expect(accepted.body.me.state).toBe("active");
  });

  it("publishes the restored requests to the devices of the user who blocked", async () => {
    const { direct, group } = await ask();
    const live = await line(cleo);
    await block(cleo, ann);
    for (const roomId of [direct, group]) await live.nextEvent("conversation_left", (left) => left.roomId === roomId);
    const receivedBefore = live.received.length;
    await unblock(cleo, ann);
    for (const roomId of [direct, group])
      await live.nextEvent("conversation_changed", ({ id, me }) => id === roomId && me.state === "requested");
    expect(live.received.length).toBeGreaterThan(receivedBefore);
  });

  it("does not let the other user write more than the one message of a request", async () => {
    const { direct } = await ask();
    await block(cleo, ann);
    await unblock(cleo, ann);
    expect(codeOf(await sayIn(await line(ann), direct, "And another"))).toBe("cannot_message");
  });

  it("removes the decline: the user can be invited to other groups", async () => {
    await ask();
    await block(cleo, ann);
    expectError(await openConversation(app, ann, { userIds: [bob.id, cleo.id], name: "Shrubs" }), 403, "cannot_message");
    await unblock(cleo, ann);
    expect((await openConversation(app, ann, { userIds: [bob.id, cleo.id], name: "Shrubs" })).status).toBe(201);
  });

  it("does not restore a request that was declined before the block", async () => {
    const { direct, group } = await ask();
    await restOf(app, cleo).call("DELETE", `/api/conversations/${group}`);
    await block(cleo, ann);
    await unblock(cleo, ann);
    expect(ids(await requests(cleo))).toEqual([direct]);
  });

  it("restores the requests once if two devices remove the block concurrently", async () => {
    const { direct, group } = await ask();
    await block(cleo, ann);
    expect((await Promise.all([unblock(cleo, ann), unblock(cleo, ann)])).map(({ status }) => status)).toEqual([204, 204]);
    expect(ids(await requests(cleo))).toEqual([direct, group].sort());
  });
});

describe("removing a block later", () => {
  it("restores nothing", async () => {
    await ask();
    await block(cleo, ann);
    await database.pool.query("UPDATE blocks SET created_at = created_at - interval '2 minutes' WHERE user_id = $1", [cleo.id]);
    await unblock(cleo, ann);
    expect(await requests(cleo)).toEqual([]);
    expectError(await openConversation(app, ann, { userIds: [bob.id, cleo.id], name: "Shrubs" }), 403, "cannot_message");
  });
});

describe("blocking the same user twice", () => {
  it("keeps what the first block declined", async () => {
    const { direct, group } = await ask();
    await block(cleo, ann);
    await block(cleo, ann);
    await unblock(cleo, ann);
    expect(ids(await requests(cleo))).toEqual([direct, group].sort());
  });
});
