import type pg from "pg";
import { beforeAll, expect, it } from "vitest";
import type { Ctx } from "../../../services/context.ts";
import { listUnreadRooms } from "../../../services/room-views/list-unread-rooms.ts";
import { listUnread } from "../../../services/rooms/list-unread.ts";
import { ctxOf } from "../../support/ctx.ts";
import { makeLounge, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";

type Statement = { readonly text: string; readonly values: unknown[] };
type Plan = { "Node Type": string; "Relation Name"?: string; Plans?: Plan[] };

let ann: Person;
let ben: Person;

/** Creates a member with ten own rooms that have unread messages, among many rooms, people and memberships. */
const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeMember(app.services);
  ben = await makeMember(app.services);
  const loungeId = await makeLounge(app.services);
  const codes = ["en", "de", "es", "fr", "it", "pt", "ru", "ar", "ja", "nl"];
  for (const languageCode of codes) {
    const roomId = await makeRoom(app.services, { loungeId, languageCode });
    await fillRoom(database.pool, { roomId, authorIds: [ben.id], amount: 2_000 });
    await database.db.roomMember.create({ data: { roomId, userId: ann.id, firstSentAt: new Date(0) } });
  }
  await database.pool.query(`
    WITH made AS (
      INSERT INTO users (id, kind, role, display_name, name_skeleton, languages)
      SELECT gen_random_uuid(), 'guest', 'guest', 'Guest ' || n, 'guest' || n, '{}' FROM generate_series(1, 3000) n RETURNING id
    )
    INSERT INTO room_members (room_id, user_id) SELECT r.id, made.id FROM made, rooms r`);
  await database.pool.query("ANALYZE messages, rooms, users, room_members, notifications, blocks");
});

/** Runs a use case and returns the statements it sent. */
async function statementsOf(run: (ctx: Ctx) => Promise<unknown>): Promise<Statement[]> {
  const asked: Statement[] = [];
  const pool = {
    query: (statement: Statement) => {
      asked.push(statement);
      return database.pool.query(statement);
    },
  } as unknown as pg.Pool;
  await run({ ...ctxOf(app.services, ann), pool });
  return asked;
}

/** Returns the big tables that a statement scans sequentially. */
async function wholeReads({ text, values }: Statement): Promise<string[]> {
  const { rows } = await database.pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`EXPLAIN (FORMAT JSON) ${text}`, values);
  const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
  const nodes = nodesOf(rows[0]?.["QUERY PLAN"][0].Plan ?? { "Node Type": "none" });
  const big = ["messages", "users", "room_members"];
  return nodes
    .flatMap((node) => (node["Node Type"] === "Seq Scan" ? (node["Relation Name"] ?? []) : []))
    .filter((name) => big.includes(name));
}

it("the unread summary: lists all rooms in one statement, and scans no big table sequentially", async () => {
  const statements = await statementsOf((ctx) => listUnreadRooms(ctx, {}));
  expect(statements).toHaveLength(1);
  for (const statement of statements) expect(await wholeReads(statement)).toEqual([]);
  expect((await listUnreadRooms(ctxOf(app.services, ann), {})).items).toHaveLength(10);
});

it("read states: the statement that lists them scans no big table sequentially", async () => {
  const [statement] = await statementsOf(listUnread);
  expect(statement && (await wholeReads(statement))).toEqual([]);
});
