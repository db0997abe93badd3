import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { letWrite, openConversation, restOf, switchboard } from "../../../support/conversations.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";

const ROUNDS = 30;

/** Two nodes on one database. */
let nodes: [App, App];
let ann: Person;
let bob: Person;
/** Only contacts may write to her without a request. */
let cleo: Person;
const { line, hangUp } = switchboard(() => nodes[0]);

const database = await databaseForFile();

beforeAll(async () => {
  nodes = await Promise.all([bootApp({ database: database.url }), bootApp({ database: database.url })]);
});

beforeEach(async () => {
  [ann, bob, cleo] = (await Promise.all(["Ann", "Bob", "Cleo"].map((displayName) => makeMember(nodes[0].services, { displayName })))) as [
    Person,
    Person,
    Person,
  ];
  await letWrite(nodes[0], bob, "everyone");
  await letWrite(nodes[0], cleo, "contacts");
});

afterEach(hangUp);

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
});

type Call = (node: App) => Promise<{ status: number; body: unknown }>;

const at = (roomId: string) => `/api/conversations/${roomId}`;
const accept =
  (person: Person, roomId: string): Call =>
  (node) =>
    restOf(node, person).post(`${at(roomId)}/accept`);
const leave =
  (person: Person, roomId: string): Call =>
  (node) =>
    restOf(node, person).call("DELETE", at(roomId));
const remove =
  (person: Person, roomId: string, who: Person): Call =>
  (node) =>
    restOf(node, person).call("DELETE", `${at(roomId)}/members/${who.id}`);
const add =
  (person: Person, roomId: string, who: Person): Call =>
  (node) =>
    restOf(node, person).post(`${at(roomId)}/members`, { userIds: [who.id] });
const open =
  (person: Person, who: Person): Call =>
  (node) =>
    openConversation(node, person, { userId: who.id });
const block =
  (person: Person, who: Person): Call =>
  (node) =>
    restOf(node, person).call("PUT", `/api/users/me/blocks/${who.id}`);
const unblock =
  (person: Person, who: Person): Call =>
  (node) =>
    restOf(node, person).call("DELETE", `/api/users/me/blocks/${who.id}`);

const group = async () => (await openConversation(nodes[0], ann, { userIds: [bob.id, cleo.id] })).body.id;
const stateOf = async (roomId: string, person: Person): Promise<string | undefined> =>
  (await database.db.roomMember.findUnique({ where: { roomId_userId: { roomId, userId: person.id } } }))?.state;

/** Makes concurrent calls, alternating between the nodes. @returns their statuses */
async function atOnce(calls: readonly Call[]): Promise<number[]> {
  const answers = await Promise.all(calls.map((call, place) => call(nodes[place % 2] as App)));
  return answers.map(({ status }) => status);
}

/** Returns the number of deadlocks that PostgreSQL has resolved. */
async function deadlocks(): Promise<number> {
  await database.pool.query("SELECT pg_stat_force_next_flush()");
  await database.pool.query("SELECT pg_stat_clear_snapshot()");
  const { rows } = await database.pool.query<{ deadlocks: number }>(
    "SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()",
  );
  return rows[0]?.deadlocks ?? -1;
}

async function expectNoFaults(statuses: readonly number[]): Promise<void> {
  expect(statuses.filter((status) => status >= 500)).toEqual([]);
  expect(await deadlocks()).toBe(0);
  for (const { log } of nodes) expect(log.filter((entry) => /40P01|deadlock|request failed/.test(entry))).toEqual([]);
}

describe("concurrent changes of a conversation", () => {
  it("accepting while the owner removes the user: every call gets a response, and the user is removed", async () => {
    const statuses: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const roomId = await group();
      const answered = await atOnce([accept(cleo, roomId), accept(cleo, roomId), remove(ann, roomId, cleo), accept(cleo, roomId)]);
      expect(answered[2]).toBe(204);
      for (const place of [0, 1, 3]) expect([200, 404]).toContain(answered[place]);
      expect(await stateOf(roomId, cleo)).toBeUndefined();
      statuses.push(...answered);
      await database.db.declinedInvitation.deleteMany();
    }
    await expectNoFaults(statuses);
  });

  it("accepting while leaving on another device: the user has left, and the group has an owner", async () => {
    const statuses: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const roomId = await group();
      const answered = await atOnce([
        accept(cleo, roomId),
        leave(cleo, roomId),
        accept(cleo, roomId),
        leave(cleo, roomId),
        leave(ann, roomId),
      ]);
      for (const [place, status] of answered.entries()) expect(place === 0 || place === 2 ? [200, 404] : [204, 404]).toContain(status);
      expect(await stateOf(roomId, cleo)).toBeUndefined();
      expect(await database.db.room.findUnique({ where: { id: roomId } })).toMatchObject({ ownerId: bob.id });
      statuses.push(...answered);
      await database.db.declinedInvitation.deleteMany();
    }
    await expectNoFaults(statuses);
  });

  it("two users accepting while a third is added and the owner leaves: each membership is as chosen", async () => {
    const statuses: number[] = [];
    await letWrite(nodes[0], bob, "contacts");
    for (let round = 0; round < ROUNDS; round += 1) {
      const roomId = await group();
      const dan = await makeMember(nodes[0].services);
      await letWrite(nodes[0], dan, "everyone");
      const answered = await atOnce([accept(bob, roomId), accept(cleo, roomId), add(ann, roomId, dan), leave(ann, roomId)]);
      expect(answered.slice(0, 2)).toEqual([200, 200]);
      expect([200, 404]).toContain(answered[2]);
      expect(answered[3]).toBe(204);
      expect([await stateOf(roomId, ann), await stateOf(roomId, bob), await stateOf(roomId, cleo)]).toEqual([
        undefined,
        "active",
        "active",
      ]);
      const owner = (await database.db.room.findUniqueOrThrow({ where: { id: roomId } })).ownerId;
      expect(await database.db.roomMember.count({ where: { roomId, userId: owner ?? "", state: "active" } })).toBe(1);
      statuses.push(...answered);
    }
    await expectNoFaults(statuses);
  });

  it("opening, accepting, leaving, blocking and unblocking a direct conversation: one conversation, and no call fails", async () => {
    const statuses: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const dan = await makeMember(nodes[0].services);
      await letWrite(nodes[0], dan, "contacts");
      const roomId = ((await open(ann, dan)(nodes[0])).body as ConversationDto).id;
      const calls = [
        open(dan, ann),
        accept(dan, roomId),
        block(dan, ann),
        leave(dan, roomId),
        open(ann, dan),
        unblock(dan, ann),
        leave(ann, roomId),
      ];
      const answered = await atOnce(calls);
      expect(answered.filter((status) => ![200, 201, 204, 403, 404].includes(status))).toEqual([]);
      expect(await database.db.room.count({ where: { directKey: { contains: dan.id } } })).toBe(1);
      statuses.push(...answered);
    }
    await expectNoFaults(statuses);
  });
});

describe("message concurrent with a change of members", () => {
  const changes = [
    ["a block", "direct", (roomId: string) => ({ roomId, call: block(bob, ann) })],
    ["leaving a direct conversation", "direct", (roomId: string) => ({ roomId, call: leave(bob, roomId) })],
    ["removing the sender from a group", "group", (roomId: string) => ({ roomId, call: remove(bob, roomId, ann) })],
  ] as const;

  it.each(changes)(
    "%s: after the commit no message of the sender gets a number, and no later message is delivered",
    async (_, kind, change) => {
      const [live, his] = await Promise.all([line(ann), line(bob)]);
      let rejections = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const made = await openConversation(nodes[0], bob, kind === "direct" ? { userId: ann.id } : { userIds: [ann.id] });
        const { roomId, call } = change(made.body.id);
        const sends = Array.from({ length: 12 }, (_, place) =>
          live.ask("send_message", { roomId, clientMessageId: newId(), text: `message ${round} ${place}` }),
        );
        const [numbered] = await Promise.all([call(nodes[round % 2] as App).then(() => lastSeq(roomId)), ...sends]);
        const acks = await Promise.all(sends);
        rejections += acks.filter(({ ok }) => !ok).length;
        expect(await lastSeq(roomId)).toBe(numbered);
        const sent = acks.flatMap((ack) => (ack.ok && ack.data.message.seq !== null ? [ack.data.message.seq] : []));
        expect(Math.max(0, ...sent)).toBeLessThanOrEqual(numbered);
        const receivedSeqs = his.received.flatMap(({ name, payload }) =>
          name === "messages_changed" && payload.roomId === roomId ? [payload.toSeq] : [],
        );
        expect(Math.max(0, ...receivedSeqs)).toBeLessThanOrEqual(numbered);
        if (kind === "group") continue;
        await unblock(bob, ann)(nodes[0]);
        await open(bob, ann)(nodes[0]);
      }
      // Otherwise every change came after the last message, and nothing was tested.
      expect(rejections).toBeGreaterThan(0);
      await expectNoFaults([]);
    },
  );

  async function lastSeq(roomId: string): Promise<number> {
    const { rows } = await database.pool.query<{ last_seq: number }>("SELECT last_seq::int FROM rooms WHERE id = $1", [roomId]);
    return rows[0]?.last_seq ?? 0;
  }
});
