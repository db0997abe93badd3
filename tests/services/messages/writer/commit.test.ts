import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPool } from "../../../../prisma/pool.ts";
import { readChanges, readNewest, readPage } from "../../../../services/messages/queries.ts";
import { commitDrafts } from "../../../../services/messages/writer/commit.ts";
import type { Draft } from "../../../../services/messages/writer/draft.ts";
import { draftFor, makeGuest, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const MANY = 20_000;

let pool: pg.Pool;
let ann: Person;
let roomId: string;

const { app, database } = await appForFile();

beforeAll(async () => {
  pool = createPool(database.url, { max: 1, onError: () => undefined });
  ann = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

afterAll(async () => {
  await pool.end();
});

const draft = (): Draft => draftFor(roomId, ann);

/** Runs every statement of the hot path, in the one session of the pool. */
async function useAll(): Promise<void> {
  await commitDrafts(pool, [draft(), draft()], "skip");
  await commitDrafts(pool, [draft()], "skip");
  const { head } = await readNewest(pool, { roomId, limit: 50 });
  await readChanges(pool, { roomId, afterSeq: head - 2, limit: 50 });
  for (const side of ["before", "upTo", "after"] as const) await readPage(pool, side, { roomId, seq: head - 1, limit: 50 });
}

/** Returns how many message rows have been read by sequential scans so far. */
async function rowsScanned(): Promise<number> {
  await pool.query("SELECT pg_stat_force_next_flush()");
  const { rows } = await pool.query<{ seq_tup_read: string }>("SELECT seq_tup_read FROM pg_stat_user_tables WHERE relname = 'messages'");
  return Number(rows[0]?.seq_tup_read);
}

describe("the statements of the hot path", () => {
  it("use their indexes when a table grows that was empty when they were planned", async () => {
    await pool.query("VACUUM ANALYZE messages");
    for (let n = 0; n < 10; n += 1) await useAll();
    await pool.query(
      `INSERT INTO messages (id, room_id, author_id, client_message_id, text, seq, changed_seq)
       SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), 'hello', n, n FROM generate_series(1000, $3::int) AS n`,
      [roomId, ann.id, MANY],
    );
    await pool.query("UPDATE rooms SET last_seq = $2 WHERE id = $1", [roomId, MANY]);
    const before = await rowsScanned();
    await useAll();
    expect((await rowsScanned()) - before).toBe(0);
  });
});
