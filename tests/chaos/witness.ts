import pg from "pg";
import type { Change, Evidence, Row } from "./history.ts";
import { signsOf, type WireMessage } from "./wire-shapes.ts";

/** A trigger that records every numbered change in the transaction that makes it. */
const WITNESS = `
  CREATE TABLE chaos_changes (
    place bigserial PRIMARY KEY, work xid8 NOT NULL DEFAULT pg_current_xact_id(), id uuid NOT NULL, room_id uuid NOT NULL,
    seq bigint NOT NULL, changed_seq bigint NOT NULL, text text NOT NULL, reactions jsonb NOT NULL, is_deleted boolean NOT NULL
  );
  CREATE FUNCTION chaos_note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO chaos_changes (id, room_id, seq, changed_seq, text, reactions, is_deleted)
    VALUES (NEW.id, NEW.room_id, NEW.seq, NEW.changed_seq, NEW.text, NEW.reactions, NEW.deleted_at IS NOT NULL);
    RETURN NULL;
  END $$;
  CREATE TRIGGER chaos_note AFTER INSERT OR UPDATE OF changed_seq ON messages FOR EACH ROW EXECUTE FUNCTION chaos_note();`;

/** Transactions are sequential in a room; within one transaction only the numbers define the order. */
const CHANGES = `
  SELECT id, room_id, seq::float8, changed_seq::float8, text, reactions, is_deleted, NULL AS reply_to_id, NULL AS reply_text FROM (
    SELECT *, min(place) OVER (PARTITION BY work, room_id) AS began FROM chaos_changes
  ) c ORDER BY began, changed_seq, place`;

const ROWS = `
  SELECT m.id, m.room_id, m.seq::float8, m.changed_seq::float8, m.text, m.reactions, m.deleted_at IS NOT NULL AS is_deleted, m.author_id,
    m.client_message_id, m.reply_to_id, CASE WHEN p.deleted_at IS NULL THEN p.text END AS reply_text
  FROM messages m LEFT JOIN messages p ON p.id = m.reply_to_id ORDER BY m.room_id, m.seq`;

type Stored = {
  readonly id: string;
  readonly room_id: string;
  readonly seq: number;
  readonly changed_seq: number;
  readonly text: string;
  readonly reactions: WireMessage["reactions"];
  readonly is_deleted: boolean;
  readonly reply_to_id: string | null;
  readonly reply_text: string | null;
};

const changeOf = (row: Stored): Change => ({
  id: row.id,
  roomId: row.room_id,
  seq: row.seq,
  changedSeq: row.changed_seq,
  text: row.is_deleted ? null : row.text,
  reactions: row.is_deleted ? [] : signsOf(row.reactions),
  replyTo: row.is_deleted || row.reply_to_id === null ? null : { id: row.reply_to_id, excerpt: row.reply_text },
});

async function asking<Answer>(url: string, work: (client: pg.Client) => Promise<Answer>): Promise<Answer> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return work(client).finally(() => client.end());
}

export const callWitness = (url: string): Promise<unknown> => asking(url, (client) => client.query(WITNESS));

/** Creates rooms that any guest may enter. */
export const openRooms = (url: string, amount: number): Promise<string[]> =>
  asking(url, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      "SELECT r.id FROM rooms r JOIN lounges l ON l.id = r.lounge_id WHERE l.access_level = 'open' AND l.is_active ORDER BY r.id LIMIT $1",
      [amount],
    );
    return rows.map((row) => row.id);
  });

export const headsOf = (url: string, roomIds: readonly string[]): Promise<Map<string, number>> =>
  asking(url, async (client) => {
    const { rows } = await client.query<{ id: string; seq: number }>("SELECT id, last_seq::float8 AS seq FROM rooms WHERE id = ANY($1)", [
      roomIds,
    ]);
    return new Map(rows.map((row) => [row.id, row.seq]));
  });

/** Returns what the database has recorded in the end. */
export const hearWitness = (url: string, roomIds: readonly string[]): Promise<Omit<Evidence, "histories">> =>
  asking(url, async (client) => {
    const changes = (await client.query<Stored>(CHANGES)).rows.map(changeOf);
    const { rows: stored } = await client.query<Stored & { author_id: string; client_message_id: string }>(ROWS);
    const rows = stored.map((row): Row => ({ ...changeOf(row), authorId: row.author_id, clientMessageId: row.client_message_id }));
    const rooms = [...(await headsOf(url, roomIds))].map(([id, lastSeq]) => ({ id, lastSeq }));
    return { rooms, rows, changes };
  });
