import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPool } from "../../../../prisma/pool.ts";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";
import { createMessageWriter, type MessageWriter } from "../../../../services/messages/writer/message-writer.ts";
import type { Batch } from "../../../../services/realtime/batch.ts";
import { systemClock } from "../../../../utils/clock.ts";
import { newId } from "../../../../utils/ids.ts";
import { createLogger } from "../../../../utils/log.ts";
import { createMetrics } from "../../../../utils/metrics.ts";
import { draftFor, makeGuest, makeRoom, type Person, storedMessages } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";

const logger = createLogger({ mode: "test", logLevel: "error" });
const keys = deriveKeys({ current: "only for tests of locked rooms" });

let pool: pg.Pool;
let ann: Person;
let ben: Person;
let roomId: string;
let published: Batch[];
let writer: MessageWriter;

const database = await databaseForFile();

beforeAll(async () => {
  pool = createPool(database.url, { max: 6, onError: () => undefined });
  pool.on("connect", (client) => void client.query("SET lock_timeout = 200"));
  ann = await makeGuest({ db: database.db, keys, now: systemClock });
  ben = await makeGuest({ db: database.db, keys, now: systemClock });
});

beforeEach(async () => {
  roomId = await makeRoom(database);
  published = [];
  const publish = (batch: Batch): void => void published.push(batch);
  writer = createMessageWriter({ pool, publish, publishNotifications: () => undefined, logger, metrics: createMetrics() });
});

afterAll(async () => {
  await pool.end();
});

/** Locks a room as a change does, and returns the function that ends the transaction. */
async function lock(id: string): Promise<{ client: pg.PoolClient; release: () => Promise<void> }> {
  const client = await database.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [id]);
  const release = async (): Promise<void> => {
    await client.query("COMMIT");
    client.release();
  };
  return { client, release };
}

const idsOf = async (id: string): Promise<string[]> => (await storedMessages(database.pool, id)).map((row) => row.id);

describe("writing to a locked room", () => {
  it("delays no other room: their messages are acknowledged while it is locked", async () => {
    const others = await Promise.all(Array.from({ length: 20 }, () => makeRoom(database)));
    const { release } = await lock(roomId);
    const locked = [draftFor(roomId, ann), draftFor(roomId, ben)].map((draft) => writer.write(draft));
    const free = await Promise.all(others.flatMap((id) => [writer.write(draftFor(id, ann)), writer.write(draftFor(id, ben))]));
    expect(free.map(({ seq }) => seq)).toEqual(others.flatMap(() => [1, 2]));
    expect(published.map((batch) => batch.roomId)).not.toContain(roomId);
    await release();
    expect((await Promise.all(locked)).map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("delays a single message to another room by at most one batch", async () => {
    const other = await makeRoom(database);
    const { release } = await lock(roomId);
    const locked = writer.write(draftFor(roomId, ann));
    expect((await writer.write(draftFor(other, ann))).seq).toBe(1);
    expect((await writer.write(draftFor(other, ann))).seq).toBe(2);
    await release();
    expect((await locked).seq).toBe(1);
  });

  it("keeps the order of its messages, whenever it is locked and unlocked", async () => {
    const drafts = Array.from({ length: 300 }, (_, n) => draftFor(roomId, n % 3 === 0 ? ben : ann));
    const written: Promise<unknown>[] = [];
    for (const [n, draft] of drafts.entries()) {
      const held = n % 25 === 10 ? await lock(roomId) : null;
      written.push(writer.write(draft));
      if (n % 5 === 0) await new Promise(setImmediate);
      if (held) setTimeout(() => void held.release(), n % 40);
    }
    await Promise.all(written);
    expect(await idsOf(roomId)).toEqual(drafts.map(({ id }) => id));
    expect(published.flatMap(({ messages }) => messages.map(({ id }) => id))).toEqual(drafts.map(({ id }) => id));
  });

  it("rejects with unavailable after the timeout, writes nothing then, and accepts the same key again", async () => {
    const { release } = await lock(roomId);
    const draft = draftFor(roomId, ann);
    await expect(writer.write(draft)).rejects.toMatchObject({ code: "unavailable" });
    await release();
    expect(await idsOf(roomId)).toEqual([]);
    expect((await writer.write({ ...draft, id: newId() })).seq).toBe(1);
  });

  it("returns why a message was skipped, even if it first has to wait for the room", async () => {
    const repeated = draftFor(roomId, ann);
    const first = await writer.write(repeated);
    const { release } = await lock(roomId);
    const answers = Promise.allSettled([
      writer.write({ ...repeated, id: newId() }),
      writer.write({ ...repeated, id: newId(), text: "something else" }),
      writer.write(draftFor(newId(), ann)),
      writer.write(draftFor(roomId, { author: { ...ann.author, id: newId() } })),
      writer.write(draftFor(roomId, ben)),
    ]);
    await release();
    const [same, conflict, gone, nobody, sent] = await answers;
    expect(same).toEqual({ status: "fulfilled", value: first });
    expect(conflict).toMatchObject({ status: "rejected", reason: { code: "idempotency_conflict" } });
    expect(gone).toMatchObject({ status: "rejected", reason: { code: "not_found" } });
    expect(nobody?.status).toBe("rejected");
    expect(sent).toMatchObject({ status: "fulfilled", value: { seq: 2 } });
  });

  it("finishes before the writer closes", async () => {
    const { release } = await lock(roomId);
    const written = writer.write(draftFor(roomId, ann));
    const closed = writer.close();
    await release();
    await closed;
    expect((await written).seq).toBe(1);
  });
});

describe("permission to write in a conversation", () => {
  async function makeDirect(peerState: "active" | "requested"): Promise<string> {
    const members = { create: [{ userId: ann.id }, { userId: ben.id, state: peerState }] };
    const directKey = [newId(), newId()].sort().join(":");
    const { id } = await database.db.room.create({ data: { id: newId(), kind: "direct", name: "", directKey, ownerId: ann.id, members } });
    return id;
  }

  const inDirect = (id: string, who: Person, peer: Person) => draftFor(id, who, { conversation: { peerId: peer.id } });

  it.each([
    ["a block", "INSERT INTO blocks (user_id, blocked_id) VALUES ($2, $1)"],
    ["a removal", "DELETE FROM room_members WHERE room_id = $3 AND user_id = $1 AND $2::uuid IS NOT NULL"],
    ["the other's leaving", "DELETE FROM room_members WHERE room_id = $3 AND user_id = $2 AND $1::uuid IS NOT NULL"],
  ])("is checked after the room is locked: %s that commits while a message waits rejects the message", async (_what, change) => {
    const id = await makeDirect("active");
    const { client, release } = await lock(id);
    const sent = writer.write(inDirect(id, ann, ben));
    // Wait for a message of another room, so that the writer has skipped the locked room.
    await writer.write(draftFor(roomId, ann));
    await client.query(change, change.includes("$3") ? [ann.id, ben.id, id] : [ann.id, ben.id]);
    await release();
    await expect(sent).rejects.toMatchObject({ code: "cannot_message" });
    expect(await idsOf(id)).toEqual([]);
    await database.pool.query("DELETE FROM blocks");
  });

  it("allows one message in a request that is not accepted yet, even if several are sent at once", async () => {
    const id = await makeDirect("requested");
    const answers = await Promise.allSettled([1, 2, 3].map(() => writer.write(inDirect(id, ann, ben))));
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(writer.write(inDirect(id, ann, ben))).rejects.toMatchObject({ code: "cannot_message" });
    await expect(writer.write(inDirect(id, ben, ann))).rejects.toMatchObject({ code: "cannot_message" });
    await database.pool.query("UPDATE room_members SET state = 'active' WHERE room_id = $1", [id]);
    expect((await writer.write(inDirect(id, ben, ann))).seq).toBe(2);
  });
});
