import type pg from "pg";

/** Sentences of typical lengths; each row uses one by its number. */
const SENTENCES = [
  "Good morning everybody.",
  "Does anyone know a quiet café near the old harbour that opens before eight?",
  "Yes",
  "I have been learning Portuguese for two years and still mix up the past tenses, so please correct me whenever you like.",
  "¿Alguien quiere practicar esta tarde?",
  "The ferry was late again, which gave us time for one more story about the lighthouse and the keeper who painted it blue.",
  "今日はとても寒いですね。",
  "haha, exactly that",
  "You could soak the beans overnight, then cook them slowly with a bay leaf; salt only at the end, or the skins stay hard. My grandmother would not forgive anything else, and she was right about most things in that kitchen.",
  "See you tomorrow!",
];

/** Every tenth message is a reply to the one before it. */
const FILL = `
  WITH made AS (
    SELECT gen_random_uuid() AS id, n FROM generate_series(1, $5::int) AS n
  )
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq, created_at, reply_to_id)
  SELECT id, $1, ($2::uuid[])[1 + n % cardinality($2::uuid[])], gen_random_uuid(), ($3::text[])[1 + n % cardinality($3::text[])], 'en',
    $4::bigint + n, $4::bigint + n, now() - make_interval(secs => ($5 - n) * 7), CASE WHEN n % 10 = 0 THEN lag(id) OVER (ORDER BY n) END
  FROM made`;

/** The number of rows that one statement inserts: more would only take memory. */
const STEP = 100_000;

/** Inserts messages into a room directly in the database, as if they had been sent one after the other. */
export async function fillRoom(
  pool: pg.Pool,
  { roomId, authorIds, amount }: { roomId: string; authorIds: readonly string[]; amount: number },
) {
  for (let left = amount; left > 0; left -= STEP) {
    const { rows } = await pool.query<{ last_seq: string }>("SELECT last_seq FROM rooms WHERE id = $1", [roomId]);
    const step = Math.min(STEP, left);
    await pool.query(FILL, [roomId, authorIds, SENTENCES, Number(rows[0]?.last_seq ?? 0), step]);
    await pool.query("UPDATE rooms SET last_seq = last_seq + $2 WHERE id = $1", [roomId, step]);
  }
}
