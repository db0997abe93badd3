import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPool } from "../../../prisma/pool.ts";
import { blockTokens, windowBefore } from "../../../services/search/index/time-buckets.ts";
import { findEntries, type Search } from "../../../services/search/index-scan.ts";
import { type Hit, positionNow, type ScanPosition, scanSql, windowSql } from "../../../services/search/statements.ts";
import { LOWEST_ID } from "../../../utils/cursor.ts";
import { databaseForFile } from "../../support/for-file.ts";

const ROWS = 120_000;
const MINUTE = 60_000;
const SCOPE = [7];

/** One in this many entries has the token. 400 entries share the token of the old burst, 500 that of the one-minute burst. */
const SHARES = [2, 40, 700, 9_000, 50_000];
const OLD_CROWD = 901;
const MINUTE_CROWD = 902;
const NOWHERE = 903;

let pool: pg.Pool;
let newest: number;

/** Years with few messages, one busy day, one minute with a burst of messages, and few messages again. */
const momentSql = `CASE WHEN n <= 20000 THEN start + n * interval '1 hour'
  WHEN n <= 80000 THEN start + interval '20000 hours' + (n - 20000) * interval '1 second'
  WHEN n <= 110000 THEN start + interval '20100 hours'
  ELSE start + interval '20101 hours' + (n - 110000) * interval '10 minutes' END`;

const blocksSql = blockTokens(0).map((token, level) => `${token} - floor(extract(epoch FROM moment) / ${64 * 8 ** level})::int`);

const database = await databaseForFile();

beforeAll(async () => {
  pool = createPool(database.url, { max: 2, onError: () => undefined });
  // These entries belong to no message.
  await pool.query("ALTER TABLE message_search DROP CONSTRAINT message_search_message_id_fkey");
  const common = SHARES.map((share, place) => `CASE WHEN hashint4(n + ${place}) % ${share} = 0 THEN ${100 + place} END`);
  const crowds = [
    `CASE WHEN n BETWEEN 5000 AND 5399 THEN ${OLD_CROWD} END`,
    `CASE WHEN n BETWEEN 90000 AND 90499 THEN ${MINUTE_CROWD} END`,
  ];
  await pool.query(`
    INSERT INTO message_search (message_id, created_at, tokens)
    SELECT md5(n::text)::uuid, moment, array_remove(ARRAY[${[...SCOPE, ...common, ...crowds, ...blocksSql].join()}], NULL)
    FROM (SELECT n, ${momentSql} AS moment FROM generate_series(1, ${ROWS}) AS n, (VALUES ('2020-01-01'::timestamptz)) AS s(start)) entries`);
  await pool.query("ANALYZE message_search");
  const { rows } = await pool.query<Hit>("SELECT message_id, created_at FROM message_search ORDER BY created_at DESC LIMIT 1");
  newest = rows[0]?.created_at.getTime() ?? 0;
});

afterAll(async () => {
  await pool.end();
});

type Asked = { tokens: readonly number[]; fromMs?: number; before?: ScanPosition };

const bruteForce = async ({ tokens, fromMs = 0, before = positionNow(new Date()) }: Asked): Promise<string[]> => {
  const { rows } = await pool.query<Hit>(
    `SELECT message_id, created_at FROM message_search WHERE tokens @> $1::int[] AND created_at >= $2 AND (created_at, message_id) < ($3, $4)
    ORDER BY created_at DESC, message_id DESC LIMIT 400`,
    [[...tokens, ...SCOPE], new Date(fromMs), new Date(before.ms), before.id],
  );
  return rows.map((row) => row.message_id);
};

/** Reads pages of 50 one after the other, as a user who scrolls on. */
async function pages({ tokens, fromMs = 0, before = positionNow(new Date()) }: Asked): Promise<string[]> {
  const found: string[] = [];
  let at: ScanPosition | null = before;
  while (at !== null && found.length < 400) {
    const page: Hit[] = [];
    const task: Search = {
      pool,
      keys: tokens.map((token) => [token, NOWHERE]),
      scope: SCOPE,
      fromMs,
      before: at,
      amount: 50,
      deadline: performance.now() + 60_000,
      take: async (hits) => {
        page.push(...hits.filter((hit) => !page.some((held) => held.message_id === hit.message_id)));
        return { read: hits.length, matched: hits.length };
      },
    };
    const { next }: { next: ScanPosition | null } = await findEntries(task);
    const shown = page.slice(0, 50);
    found.push(...shown.map((hit) => hit.message_id));
    const last = shown.at(-1);
    at = shown.length === 50 && last !== undefined ? { ms: last.created_at.getTime(), id: last.message_id } : next;
  }
  return found.slice(0, 400);
}

describe("scanning the search index", () => {
  it.each<[string, number[]]>([
    ["a token of every second entry", [100]],
    ["a token of one entry in 40", [101]],
    ["a token of one entry in 700", [102]],
    ["a token of a few entries", [103]],
    ["two tokens that are rarely combined", [101, 102]],
    ["a token of old entries only", [OLD_CROWD]],
    ["a token of a burst within one minute", [MINUTE_CROWD]],
    ["a token of that burst and a common one", [100, MINUTE_CROWD]],
    ["a token of no entry", [999_999]],
    ["all entries", []],
  ])("finds %s: newest first, each once, without gaps", async (_, tokens) => {
    expect(await pages({ tokens })).toEqual(await bruteForce({ tokens }));
  });

  it("respects the requested time range", async () => {
    const asked = { tokens: [101], fromMs: newest - 100_000 * MINUTE, before: { ms: newest - 20_000 * MINUTE, id: LOWEST_ID } };
    const wanted = await bruteForce(asked);
    expect(wanted.length).toBeGreaterThan(20);
    expect(await pages(asked)).toEqual(wanted);
  });

  it("scans no table sequentially", async () => {
    const wanted = { keys: [[101, 5], [102]], scope: SCOPE, before: positionNow(new Date()), fromMs: 0 };
    const statements = [
      scanSql(wanted, 2_000, 21),
      ...[MINUTE, 1_000 * MINUTE, 5_000_000 * MINUTE].map((length) => windowSql(wanted, windowBefore(newest, length), 21)),
      windowSql({ ...wanted, keys: [] }, windowBefore(newest, MINUTE), 21),
    ];
    for (const statement of statements) {
      const { rows } = await pool.query<{ "QUERY PLAN": string }>(`EXPLAIN ${statement}`);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).not.toMatch(/Seq Scan/);
      expect(plan).toMatch(/message_search_(tokens|created_at_message_id)_idx/);
    }
  });
});

describe("when the search deadline passes", () => {
  const task = (over: Partial<Search>): Search => ({
    pool,
    keys: [[101]],
    scope: SCOPE,
    fromMs: 0,
    before: positionNow(new Date()),
    amount: 10,
    deadline: performance.now() + 150,
    take: async (hits) => ({ read: hits.length, matched: 0 }),
    ...over,
  });

  it("returns a position to continue from, even if every statement timed out", async () => {
    const slow = { query: () => Promise.reject(Object.assign(new Error("canceling statement"), { code: "57014" })) } as unknown as pg.Pool;
    const asked = task({ pool: slow });
    expect(await findEntries(asked)).toEqual({ next: asked.before });
  });

  it("continues from its last position with the results so far", async () => {
    const found: string[] = [];
    let calls = 0;
    const { next } = await findEntries(
      task({
        keys: [[100]],
        amount: 5_000,
        deadline: performance.now() + 60_000,
        take: async (hits) => {
          found.push(...hits.map((hit) => hit.message_id));
          calls += 1;
          return { read: hits.length, matched: hits.length };
        },
      }),
    );
    expect(calls).toBeGreaterThan(1);
    expect(next === null || found.length >= 5_000).toBe(true);
    expect(new Set(found).size).toBe(found.length);
  });
});
