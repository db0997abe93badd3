import type pg from "pg";
import { readByKeys, readChanges, readHeads, readNewest, readPage } from "../../../services/messages/queries.ts";

type Statement = { name: string; text: string; values: unknown[] };

/** Collects all prepared statements of `services/messages/queries.ts`, from a pool that only records them. */
async function statementsOf(at: { roomId: string; authorId: string; clientMessageId: string }): Promise<Statement[]> {
  const asked: Statement[] = [];
  const listener = {
    query: (statement: Statement) => {
      asked.push(statement);
      return Promise.resolve({ rows: [] });
    },
  } as unknown as pg.Pool;
  for (const side of ["before", "upTo", "after"] as const) await readPage(listener, side, { roomId: at.roomId, seq: 1_000, limit: 51 });
  await readChanges(listener, { roomId: at.roomId, afterSeq: 1_000, limit: 500 });
  await readNewest(listener, { roomId: at.roomId, limit: 50 });
  await readByKeys(listener, [at]);
  await readHeads(listener, [at.roomId]);
  return asked;
}

type Plan = { "Node Type": string; "Relation Name"?: string; "CTE Name"?: string; Plans?: Plan[] };

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/**
 * Returns the tables that each prepared statement scans sequentially, by the statement's name, with the custom plan and with the generic
 * one. The list of a statement without sequential scans is empty.
 */
export async function wholeReads(pool: pg.Pool): Promise<Map<string, string[]>> {
  const { rows } = await pool.query<{ roomId: string; authorId: string; clientMessageId: string }>(
    `SELECT room_id AS "roomId", author_id AS "authorId", client_message_id AS "clientMessageId" FROM messages LIMIT 1`,
  );
  const [message] = rows;
  if (message === undefined) throw new Error("there are no messages to plan for");
  const found = new Map<string, string[]>();
  const client = await pool.connect();
  try {
    for (const { name, text, values } of await statementsOf(message)) {
      const prepared = `plan_of_${name.replaceAll("-", "_")}`;
      await client.query(`PREPARE ${prepared} AS ${text}`);
      const literals = values.map((value) => (Array.isArray(value) ? `'{${value.join()}}'` : `'${String(value)}'`));
      const whole: string[] = [];
      for (const mode of ["force_custom_plan", "force_generic_plan"]) {
        await client.query(`SET plan_cache_mode = ${mode}`);
        const explained = await client.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(
          `EXPLAIN (FORMAT JSON) EXECUTE ${prepared}(${literals.join()})`,
        );
        const nodes = nodesOf(explained.rows[0]?.["QUERY PLAN"][0].Plan ?? { "Node Type": "none" });
        whole.push(...nodes.filter((node) => node["Node Type"] === "Seq Scan").map((node) => node["Relation Name"] ?? "?"));
      }
      found.set(name, whole);
    }
    await client.query("RESET plan_cache_mode");
    await client.query("DEALLOCATE ALL");
  } finally {
    client.release(true);
  }
  return found;
}

/** Returns the lists of a statement that its generic plan scans again for each row of something else. */
export async function listsCrossed(pool: pg.Pool, statement: string): Promise<string[]> {
  const { rows } = await pool.query<{ "QUERY PLAN": [{ Plan: Plan }] }>(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${statement}`);
  const nodes = nodesOf(rows[0]?.["QUERY PLAN"][0].Plan ?? { "Node Type": "none" });
  const repeated = nodes.filter((node) => node["Node Type"] === "Nested Loop").map((loop) => loop.Plans?.[1]);
  return repeated.flatMap((inner) => (inner?.["Node Type"] === "CTE Scan" ? [inner["CTE Name"] ?? "?"] : []));
}
