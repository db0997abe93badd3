import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../../../utils/ids.ts";
import { codeOf, letWrite, makeOpenConversation, openConversation, sayIn, switchboard } from "../../../support/conversations.ts";
import { lastSeqOf, makeMember, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

let ann: Person;
let bob: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann" });
  bob = await makeMember(app.services, { displayName: "Bob" });
  await letWrite(app, bob, "everyone");
});

afterEach(hangUp);

const WAITING = `
  SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`;

/** Locks a room while `change` runs and `meanwhile` starts, and commits once `meanwhile` waits for the lock. */
async function whileLocked<Result>(roomId: string, change: (client: pg.PoolClient) => Promise<unknown>, meanwhile: () => Promise<Result>) {
  const client = await database.pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [roomId]);
    await change(client);
    const result = meanwhile();
    await expect.poll(async () => (await database.pool.query(WAITING)).rowCount, { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
    await client.query("COMMIT");
    return await result;
  } finally {
    client.release();
  }
}

const blockBy = (person: Person, other: Person) => (client: pg.PoolClient) =>
  client.query("INSERT INTO blocks (user_id, blocked_id) VALUES ($1, $2)", [person.id, other.id]);
const removal = (roomId: string, person: Person) => (client: pg.PoolClient) =>
  client.query("DELETE FROM room_members WHERE room_id = $1 AND user_id = $2", [roomId, person.id]);

describe("message that waits for the room lock while a change of members commits", () => {
  it("gets no number after a block", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const ack = await whileLocked(roomId, blockBy(bob, ann), () => sayIn(live, roomId));
    expect([codeOf(ack), await lastSeqOf(database.pool, roomId)]).toEqual(["cannot_message", 0]);
  });

  it("gets no number after the other member has left", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const ack = await whileLocked(roomId, removal(roomId, bob), () => sayIn(live, roomId));
    expect([codeOf(ack), await lastSeqOf(database.pool, roomId)]).toEqual(["cannot_message", 0]);
  });

  it("gets no number after its author was removed from the group", async () => {
    const roomId = (await openConversation(app, ann, { userIds: [bob.id] })).body.id;
    const live = await line(bob);
    const ack = await whileLocked(roomId, removal(roomId, bob), () => sayIn(live, roomId));
    expect(codeOf(ack)).not.toBe("ok");
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
  });

  it("gets no number if the request already has its one message, pending review or not", async () => {
    await letWrite(app, bob, "contacts");
    const roomId = (await openConversation(app, ann, { userId: bob.id })).body.id;
    const live = await line(ann);
    const held = (client: pg.PoolClient) =>
      client.query(
        `INSERT INTO messages (id, room_id, author_id, client_message_id, text, moderation) VALUES ($1, $2, $3, $4, 'hello', 'pending')`,
        [newId(), roomId, ann.id, newId()],
      );
    const ack = await whileLocked(roomId, held, () => sayIn(live, roomId));
    expect([codeOf(ack), await lastSeqOf(database.pool, roomId)]).toEqual(["cannot_message", 0]);
  });
});

describe("message change that waits for the room lock while a change of members commits", () => {
  it("is rejected after a block", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const sent = await live.command("send_message", { roomId, clientMessageId: newId(), text: "hello" });
    const change = { messageId: sent.message.id, text: "hello again" };
    const ack = await whileLocked(roomId, blockBy(bob, ann), () => live.ask("edit_message", change));
    expect([codeOf(ack), await lastSeqOf(database.pool, roomId)]).toEqual(["cannot_message", 1]);
  });
});
