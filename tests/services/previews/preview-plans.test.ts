import type pg from "pg";
import { beforeAll, expect, it } from "vitest";
import { type Candidate, readLoungePreviews, readRoomPreviews } from "../../../services/previews/preview-queries.ts";
import { bootApp } from "../../support/app.ts";
import { makeGuest, makeLounge, makeRoom } from "../../support/factories.ts";
import { databaseForFile } from "../../support/for-file.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";

type Plan = { "Node Type": string; "Relation Name"?: string; "Index Name"?: string; Plans?: Plan[] };
type Statement = { readonly text: string; readonly values: unknown[] };

let candidates: Candidate[];

const database = await databaseForFile();

beforeAll(async () => {
  const app = await bootApp({ database: database.url });
  const authorIds = [(await makeGuest(app.services)).id, (await makeGuest(app.services)).id];
  for (let count = 0; count < 300; count += 1) await makeGuest(app.services);
  const lounges = [await makeLounge(app.services), await makeLounge(app.services)];
  candidates = [];
  for (const loungeId of lounges) {
    for (const languageCode of ["en", "de", "fr"]) {
      const roomId = await makeRoom(app.services, { loungeId, languageCode });
      await fillRoom(database.pool, { roomId, authorIds, amount: 5_000 });
      candidates.push({ loungeId, roomId, onlineCount: 0 });
    }
  }
  await app.close();
  await database.pool.query("ANALYZE messages, rooms, users, lounges");
});

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Returns the statement that a read sends, from a pool that only records it. */
async function statementOf(read: (pool: pg.Pool) => Promise<unknown>): Promise<Statement> {
  let sent: Statement | undefined;
  const query = (statement: Statement) => {
    sent = statement;
    return Promise.resolve({ rows: [] });
  };
  await read({ query } as unknown as pg.Pool);
  if (sent === undefined) throw new Error("nothing was sent");
  return sent;
}

it("the statements of previews use an index for messages and users, with the custom plan and the generic one", async () => {
  const first = candidates[0] as Candidate;
  const reads = [(pool: pg.Pool) => readRoomPreviews(pool, [first.roomId]), (pool: pg.Pool) => readLoungePreviews(pool, candidates)];
  for (const read of reads) {
    const { text, values } = await statementOf(read);
    for (const options of ["", "GENERIC_PLAN, "]) {
      const { rows } = await database.pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
        `EXPLAIN (${options}FORMAT JSON) ${text}`,
        options === "" ? values : [],
      );
      const nodes = nodesOf(rows[0]?.["QUERY PLAN"][0].Plan ?? { "Node Type": "none" });
      const whole = nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"]);
      expect(whole.filter((table) => table === "messages" || table === "users")).toEqual([]);
      expect(nodes.map((node) => node["Index Name"])).toContain("messages_room_id_seq_key");
    }
  }
});

it("the previews of all lounges read few rows of each room", async () => {
  const { text, values } = await statementOf((pool) => readLoungePreviews(pool, candidates));
  const { rows } = await database.pool.query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${text}`, values);
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  if (process.env.SHOW_PLANS) console.log(plan);
  expect(Number(/Buffers: shared hit=(\d+)/.exec(plan)?.[1])).toBeLessThan(500);
});
