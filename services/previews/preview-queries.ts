import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { EXCERPT_CODE_POINTS } from "../../utils/contract/text/excerpt.ts";
import { type Names, namesOf } from "../messages/text/named-text.ts";

/** A message for a preview. `names` are the display names of the mentioned users, by id. */
export type PreviewRow = {
  readonly seq: number;
  readonly author_id: string;
  readonly author_name: string;
  readonly author_kind: AuthorDto["kind"];
  readonly text: string;
  readonly names: Names;
  readonly language_code: string | null;
  readonly created_at: Date;
};

/** A room that may be the most active one of its lounge, with the number of people online in it. */
export type Candidate = { readonly loungeId: string; readonly roomId: string; readonly onlineCount: number };

/** Returns SQL for a room's latest numbered messages: the index is read backwards, at most `previewDepth` entries. */
const newestOf = (roomId: string): string => `
    SELECT n.seq, n.author_id, n.text, n.mentions, n.language_code, n.created_at, n.deleted_at, n.moderation FROM messages n
    WHERE n.room_id = ${roomId} AND n.seq > 0 ORDER BY n.seq DESC LIMIT ${limits.previewDepth}`;

/**
 * Returns SQL for the messages that visitors may see: approved and not deleted. The order is repeated, because a subquery with a limit
 * does not guarantee one.
 */
const shownOf = (roomId: string, limit: number): string => `
    SELECT * FROM (${newestOf(roomId)}) n WHERE n.deleted_at IS NULL AND n.moderation = 'approved' ORDER BY n.seq DESC LIMIT ${limit}`;

const COLUMNS = `m.seq, m.author_id, u.display_name AS author_name, u.kind AS author_kind, left(m.text, ${EXCERPT_CODE_POINTS}) AS text,
    m.language_code, m.created_at, ${namesOf("m.mentions")} AS names`;

/** Whether the lounge is open is checked again where the texts are read: the callers' data may be a second old. */
const OPEN = "l.is_active AND l.access_level = 'open'";

const OF_ROOMS = `
  SELECT r.id AS room_id, r.last_seq AS head, c.* FROM rooms r JOIN lounges l ON l.id = r.lounge_id AND ${OPEN}
  LEFT JOIN LATERAL (SELECT ${COLUMNS} FROM (${shownOf("r.id", limits.previewMessages)}) m JOIN users u ON u.id = m.author_id) c ON true
  WHERE r.id = ANY($1::uuid[]) ORDER BY r.id, c.seq`;

const OF_LOUNGES = `
  SELECT m.lounge_id, m.room_id, ${COLUMNS} FROM (
    SELECT DISTINCT ON (a.lounge_id) a.lounge_id, a.room_id, n.*
    FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS a(lounge_id, room_id, online_count)
    JOIN lounges l ON l.id = a.lounge_id AND ${OPEN}
    CROSS JOIN LATERAL (${shownOf("a.room_id", 1)}) n
    ORDER BY a.lounge_id, a.online_count DESC, n.created_at DESC
  ) m JOIN users u ON u.id = m.author_id`;

type RoomRow = { readonly room_id: string; readonly head: number } & { readonly [Column in keyof PreviewRow]: PreviewRow[Column] | null };

const isMessage = (row: RoomRow): row is RoomRow & PreviewRow => row.seq !== null;

/** The number of a room's latest change, and its latest messages, oldest first. */
export type RoomPreview = { readonly lastSeq: number; readonly messages: PreviewRow[] };

/** Reads the latest messages of several rooms, by room; rooms of lounges that are not open to everyone are omitted. */
export async function readRoomPreviews(pool: pg.Pool, roomIds: readonly string[]): Promise<Map<string, RoomPreview>> {
  const { rows } = await pool.query<RoomRow>({ name: "preview-rooms", text: OF_ROOMS, values: [roomIds] });
  const previews = new Map<string, RoomPreview>();
  for (const row of rows) {
    const preview = previews.get(row.room_id) ?? { lastSeq: row.head, messages: [] };
    previews.set(row.room_id, preview);
    if (isMessage(row)) preview.messages.push(row);
  }
  return previews;
}

export type LoungeRow = PreviewRow & { readonly lounge_id: string; readonly room_id: string };

/**
 * Reads, for each lounge of several rooms, the latest message of the room with the most people; among equal rooms, the latest message
 * counts.
 */
export async function readLoungePreviews(pool: pg.Pool, rooms: readonly Candidate[]): Promise<readonly LoungeRow[]> {
  const values = [rooms.map(({ loungeId }) => loungeId), rooms.map(({ roomId }) => roomId), rooms.map(({ onlineCount }) => onlineCount)];
  return (await pool.query<LoungeRow>({ name: "preview-lounges", text: OF_LOUNGES, values })).rows;
}
