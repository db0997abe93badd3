import pg from "pg";
import { authorToken, loungeToken, roomToken, textTokens } from "../../../services/search/index/index-tokens.ts";
import { blockTokens } from "../../../services/search/index/time-buckets.ts";
import { type Database, settleSearch } from "../servers.ts";

/** Queries by the frequency of their terms. */
export type Words = Record<"rarest" | "middle" | "hottest" | "pairs" | "strangers" | "none" | "cjkPairs" | "cjkSingles", string[]>;

const VOCABULARY = 30_000;
const PHRASES = 40_000;
const WORDS_IN_PHRASE = 5;
const CJK_CHARACTERS = 1_500;
const CJK_SHARE = 0.1;
const RARE_WORDS = 20;
const RARE_TIMES = 3;
const CHUNK = 500_000;
const APART_MS = 7_000;

const SYLLABLES = "ka lo mi ru te sa no vi do pe ga fu li ro za bi mo tu ne shi".split(" ");

/** Returns a made-up term for a rank. */
const wordOf = (rank: number): string =>
  String(rank + 400)
    .split("")
    .map((digit, place) => SYLLABLES[(Number(digit) + 7 * place) % SYLLABLES.length])
    .join("");

const cjkOf = (rank: number): string => String.fromCharCode(0x4e00 + ((rank * 13) % 20_000));

/** Returns a random source that is the same on every run (mulberry32). */
function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Samples Zipf's law with exponent one: the frequency of each rank is proportional to its reciprocal. */
const zipf = (random: () => number, size: number): number => Math.floor(size ** random()) - 1;

/** Two frequent terms that no message contains together: every phrase contains at most one, and their phrases are never combined. */
const STRANGERS = ["oxbow", "uplift"] as const;

function makePhrases(): string[] {
  const random = randomSource(7);
  return Array.from({ length: PHRASES }, (_, n) => {
    const isCjk = random() < CJK_SHARE;
    if (isCjk) return Array.from({ length: 8 }, () => cjkOf(zipf(random, CJK_CHARACTERS))).join("");
    const words = Array.from({ length: WORDS_IN_PHRASE }, () => wordOf(zipf(random, VOCABULARY)));
    // First halves of messages take their phrases from the even ones, second halves from the odd ones.
    const stranger = n % 10 === 0 ? ` ${STRANGERS[n % 20 === 0 ? 0 : 1]}` : "";
    return words.join(" ") + stranger;
  });
}

const arrayText = (tokens: readonly number[]): string => `{${[...new Set(tokens)].join()}}`;

const CHUNK_SQL = `
  CREATE TEMP TABLE chunk ON COMMIT DROP AS
  SELECT s.n, moment, a.text || ' ' || b.text || coalesce(' ' || rare.word, '') AS text, a.tokens || b.tokens || coalesce(rare.tokens, '{}') AS tokens,
    1 + s.n % (SELECT count(*) FROM bench_rooms) AS room, 1 + (hashint4(s.n) & 1023) % (SELECT count(*) FROM bench_authors) AS author,
    (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7' || substr(md5(s.n::text), 1, 3) || '8' || substr(md5(s.n::text), 4, 15))::uuid AS id
  FROM (SELECT n, date_trunc('milliseconds', now()) - ($3::int - n) * interval '${APART_MS} ms' AS moment FROM generate_series($1::int, $2::int) AS n) s
  JOIN bench_phrases a ON a.id = 2 * ((hashint4(s.n) & 2147483647) % ${PHRASES / 2})
  JOIN bench_phrases b ON b.id = 2 * ((hashint4(s.n + 77) & 2147483647) % ${PHRASES / 2}) + 1
  LEFT JOIN bench_rare rare ON rare.n = s.n`;

const MESSAGES_SQL = `
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq, created_at)
  SELECT c.id, r.id, u.id, c.id, c.text, 'en', r.base + c.n, r.base + c.n, c.moment
  FROM chunk c JOIN bench_rooms r ON r.place = c.room JOIN bench_authors u ON u.place = c.author ORDER BY c.n`;

const blockSql = blockTokens(0)
  .map((token, level) => `${token} - floor(extract(epoch FROM c.moment) / ${64 * 8 ** level})::int`)
  .join(", ");

const ENTRIES_SQL = `
  INSERT INTO message_search (message_id, created_at, tokens)
  SELECT c.id, c.moment, c.tokens || r.tokens || u.token || ARRAY[${blockSql}]
  FROM chunk c JOIN bench_rooms r ON r.place = c.room JOIN bench_authors u ON u.place = c.author ORDER BY c.n`;

const INDEXES = `
  SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'message_search' AND indexname NOT LIKE '%pkey'`;

/** Row-by-row checks would take most of the time, and the generated rows are consistent. */
const FOREIGN_KEYS = `
  SELECT conrelid::regclass AS owner, conname AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
  WHERE contype = 'f' AND conrelid IN ('messages'::regclass, 'message_search'::regclass)`;

type Given = { rooms: readonly string[]; messages: number; say: (line: string) => void };

async function fillTables({ pool }: Database, phrases: readonly string[], { rooms, messages }: Given): Promise<string[]> {
  const { rows: lounges } = await pool.query<{ id: string; lounge_id: string }>("SELECT id, lounge_id FROM rooms");
  const loungeOf = new Map(lounges.map((room) => [room.id, room.lounge_id]));
  const { rows: authors } = await pool.query<{ id: string }>("SELECT id FROM users WHERE kind = 'guest' ORDER BY id LIMIT 50");
  const roomTokens = rooms.map((id) => arrayText([roomToken(id), loungeToken(loungeOf.get(id) ?? "")]));
  const rare = Array.from({ length: RARE_WORDS }, (_, n) => `zyzzy${wordOf(n)}`);
  const rareAt = rare.flatMap((word, n) =>
    Array.from({ length: RARE_TIMES }, (_, time) => ({
      word,
      n: Math.ceil((messages * (1 + n + RARE_WORDS * time)) / (RARE_WORDS * RARE_TIMES)),
    })),
  );
  await pool.query("CREATE UNLOGGED TABLE bench_phrases (id int PRIMARY KEY, text text, tokens int4[])");
  await pool.query(
    "INSERT INTO bench_phrases SELECT n - 1, text, tokens::int4[] FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS p(text, tokens, n)",
    [phrases, phrases.map((text) => arrayText(textTokens(text, ["en"])))],
  );
  await pool.query(
    "CREATE UNLOGGED TABLE bench_rare AS SELECT n, word, tokens::int4[] FROM unnest($1::int[], $2::text[], $3::text[]) AS r(n, word, tokens)",
    [rareAt.map(({ n }) => n), rareAt.map(({ word }) => word), rareAt.map(({ word }) => arrayText(textTokens(word, ["en"])))],
  );
  await pool.query(
    `CREATE UNLOGGED TABLE bench_rooms AS SELECT place, id, tokens::int4[], (SELECT last_seq FROM rooms WHERE rooms.id = r.id) AS base
     FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS r(id, tokens, place)`,
    [rooms, roomTokens],
  );
  await pool.query(
    "CREATE UNLOGGED TABLE bench_authors AS SELECT place, id, token FROM unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS a(id, token, place)",
    [authors.map(({ id }) => id), authors.map(({ id }) => authorToken(id))],
  );
  await pool.query("ANALYZE bench_phrases, bench_rare, bench_rooms, bench_authors");
  return rare;
}

async function fillRows(client: pg.Client, { messages, say }: Given): Promise<void> {
  await client.query("SET maintenance_work_mem = '1GB'");
  const { rows: keys } = await client.query<{ owner: string; name: string; definition: string }>(FOREIGN_KEYS);
  for (const { owner, name } of keys) await client.query(`ALTER TABLE ${owner} DROP CONSTRAINT ${name}`);
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(INDEXES);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  for (let from = 1; from <= messages; from += CHUNK) {
    await client.query("BEGIN");
    await client.query(CHUNK_SQL, [from, Math.min(messages, from + CHUNK - 1), messages]);
    await client.query(MESSAGES_SQL);
    await client.query(ENTRIES_SQL);
    await client.query("COMMIT");
    say(`  ${Math.min(messages, from + CHUNK - 1)} messages`);
  }
  for (const { definition } of indexes) await client.query(definition);
  await client.query("BEGIN");
  await client.query(
    "UPDATE rooms r SET last_seq = (SELECT max(seq) FROM messages m WHERE m.room_id = r.id) FROM bench_rooms b WHERE b.id = r.id",
  );
  await settleSearch(client);
  await client.query("COMMIT");
  for (const { owner, name, definition } of keys) await client.query(`ALTER TABLE ${owner} ADD CONSTRAINT ${name} ${definition} NOT VALID`);
  await client.query("VACUUM ANALYZE messages");
  await client.query("VACUUM ANALYZE message_search");
}

const times = <Value>(amount: number, make: (n: number) => Value): Value[] => Array.from({ length: amount }, (_, n) => make(n));

/** Fills the rooms up to the given number of messages, with index entries as the indexer writes them. @returns the queries */
export async function fillSearch(database: Database, given: Given): Promise<Words> {
  const rarest = await fillTables(database, makePhrases(), given);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await fillRows(client, given).finally(() => client.end());
  return {
    rarest,
    middle: times(20, (n) => wordOf(300 + 40 * n)),
    hottest: times(5, wordOf),
    pairs: times(20, (n) => `${wordOf(5 + n)} ${wordOf(40 + 3 * n)}`),
    strangers: [STRANGERS.join(" ")],
    none: times(20, (n) => `qqxqq${wordOf(n)}`),
    cjkPairs: times(20, (n) => cjkOf(3 + n) + cjkOf(20 + 2 * n)),
    cjkSingles: times(20, (n) => cjkOf(n * n)),
  };
}
