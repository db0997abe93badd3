import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../utils/ids.ts";
import { databaseForFile } from "../support/for-file.ts";

type Row = Record<string, unknown>;

let ids: { lounge: string; room: string; user: string };

const insert = (table: string, row: Row): Promise<unknown> => {
  const columns = Object.keys(row);
  const places = columns.map((_, index) => `$${index + 1}`);
  return database.pool.query(`INSERT INTO ${table} (${columns}) VALUES (${places})`, Object.values(row));
};

const user = (row: Row = {}): Row => ({ id: newId(), kind: "guest", role: "guest", display_name: "Ann", name_skeleton: "ann", ...row });
const member = (row: Row = {}): Row => user({ kind: "member", role: "member", username: newId(), ...row });
const room = (row: Row = {}): Row => ({
  id: newId(),
  kind: "language",
  lounge_id: ids.lounge,
  language_code: newId(),
  name: "Room",
  ...row,
});
const group = (row: Row = {}): Row => room({ kind: "group", lounge_id: null, language_code: null, ...row });
const pending = (row: Row = {}): Row => ({
  id: newId(),
  room_id: ids.room,
  author_id: ids.user,
  client_message_id: newId(),
  text: "Hello",
  moderation: "pending",
  ...row,
});

let nextSeq = 1;
const message = (row: Row = {}): Row => {
  const seq = nextSeq++;
  return pending({ moderation: "approved", seq, changed_seq: seq, ...row });
};

const session = (row: Row = {}): Row => ({
  id: newId(),
  user_id: ids.user,
  created_at: "2026-01-01T00:00:00Z",
  expires_at: "2026-01-02T00:00:00Z",
  ...row,
});

const readState = async (row: Row = {}): Promise<Row> => {
  const someone = user();
  await insert("users", someone);
  return { room_id: ids.room, user_id: someone.id, ...row };
};

/** Inserts a token with its own session. */
async function apiToken(row: Row = {}): Promise<Row> {
  const owner = session();
  await insert("sessions", owner);
  return { id: newId(), session_id: owner.id, name: "Token", hash: randomBytes(32), ...row };
}

const database = await databaseForFile();

beforeAll(async () => {
  ids = { lounge: newId(), room: newId(), user: newId() };
  await insert("lounges", { id: ids.lounge, slug: "square", name: "Square", description: "A square.", icon_color: "#123456" });
  await insert("rooms", room({ id: ids.room }));
  await insert("users", user({ id: ids.user }));
});

type Case = { what: string; table: string; constraint: string; wrong: () => Row | Promise<Row>; right: () => Row | Promise<Row> };

/** Each invalid row has a valid twin that differs in nothing else, so that it cannot be rejected for another reason. */
const cases: Case[] = [
  {
    what: "a guest with a member's role",
    table: "users",
    constraint: "users_guest_role_check",
    wrong: () => user({ role: "member" }),
    right: () => user(),
  },
  {
    what: "a member with a guest's role",
    table: "users",
    constraint: "users_guest_role_check",
    wrong: () => member({ role: "guest" }),
    right: () => member({ role: "moderator" }),
  },
  {
    what: "a guest with a username",
    table: "users",
    constraint: "users_guest_username_check",
    wrong: () => user({ username: newId() }),
    right: () => user({ username: null }),
  },
  {
    what: "a member without a username",
    table: "users",
    constraint: "users_guest_username_check",
    wrong: () => member({ username: null }),
    right: () => member(),
  },
  {
    what: "a retired member",
    table: "users",
    constraint: "users_retired_check",
    wrong: () => member({ retired_at: new Date() }),
    right: () => member({ kind: "bot", retired_at: new Date() }),
  },
  {
    what: "an API token in place of its hash",
    table: "api_tokens",
    constraint: "api_tokens_hash_check",
    wrong: () => apiToken({ hash: Buffer.from(`crb_${newId()}`) }),
    right: () => apiToken(),
  },
  {
    what: "an erased member with a username",
    table: "users",
    constraint: "users_guest_username_check",
    wrong: () => member({ erased_at: new Date() }),
    right: () => member({ erased_at: new Date(), username: null }),
  },
  {
    what: "an empty name",
    table: "users",
    constraint: "users_display_name_check",
    wrong: () => user({ display_name: "" }),
    right: () => user({ display_name: "A" }),
  },
  {
    what: "a name of 201 characters",
    table: "users",
    constraint: "users_display_name_check",
    wrong: () => user({ display_name: "é".repeat(201) }),
    right: () => user({ display_name: "é".repeat(200) }),
  },
  {
    what: "a language room without a lounge",
    table: "rooms",
    constraint: "rooms_lounge_check",
    wrong: () => room({ lounge_id: null }),
    right: () => room(),
  },
  {
    what: "a language room without a language",
    table: "rooms",
    constraint: "rooms_language_check",
    wrong: () => room({ language_code: null }),
    right: () => room(),
  },
  {
    what: "a conversation in a lounge",
    table: "rooms",
    constraint: "rooms_lounge_check",
    wrong: () => group({ lounge_id: ids.lounge }),
    right: () => group(),
  },
  {
    what: "a conversation with a language",
    table: "rooms",
    constraint: "rooms_language_check",
    wrong: () => group({ language_code: "en" }),
    right: () => group(),
  },
  {
    what: "slow mode below nothing",
    table: "rooms",
    constraint: "rooms_slow_mode_check",
    wrong: () => room({ slow_mode_ms: -1 }),
    right: () => room({ slow_mode_ms: 0 }),
  },
  {
    what: "slow mode above six hours",
    table: "rooms",
    constraint: "rooms_slow_mode_check",
    wrong: () => room({ slow_mode_ms: 21_600_001 }),
    right: () => room({ slow_mode_ms: 21_600_000 }),
  },
  {
    what: "a counter below zero",
    table: "rooms",
    constraint: "rooms_last_seq_check",
    wrong: () => room({ last_seq: -1 }),
    right: () => room({ last_seq: 0 }),
  },
  {
    what: "an approved message without a number",
    table: "messages",
    constraint: "messages_approved_check",
    wrong: () => pending({ moderation: "approved" }),
    right: () => message(),
  },
  {
    what: "a pending message with a number",
    table: "messages",
    constraint: "messages_pending_check",
    wrong: () => message({ moderation: "pending" }),
    right: () => pending(),
  },
  {
    what: "a numbered message without the number of its change",
    table: "messages",
    constraint: "messages_numbered_check",
    wrong: () => message({ changed_seq: null }),
    right: () => message(),
  },
  {
    what: "a message numbered zero",
    table: "messages",
    constraint: "messages_seq_check",
    wrong: () => message({ seq: 0 }),
    right: () => message(),
  },
  {
    what: "a message changed before it was made",
    table: "messages",
    constraint: "messages_changed_seq_check",
    wrong: () => message({ seq: 1_000, changed_seq: 999 }),
    right: () => message({ seq: 1_000, changed_seq: 1_001 }),
  },
  {
    what: "a read state below zero",
    table: "room_members",
    constraint: "room_members_last_read_seq_check",
    wrong: () => readState({ last_read_seq: -1 }),
    right: () => readState({ last_read_seq: 0 }),
  },
  {
    what: "a session that ends when it begins",
    table: "sessions",
    constraint: "sessions_expiry_check",
    wrong: () => session({ expires_at: "2026-01-01T00:00:00Z" }),
    right: () => session(),
  },
];

describe("the database rejects", () => {
  it.each(cases)("$what", async ({ table, constraint, wrong, right }) => {
    await expect(insert(table, await wrong())).rejects.toMatchObject({ constraint });
    await insert(table, await right());
  });

  it("a second message with the same key of the same author", async () => {
    const first = message();
    await insert("messages", first);
    await expect(insert("messages", message({ client_message_id: first.client_message_id }))).rejects.toMatchObject({ code: "23505" });
  });

  it("a second message with the same sequence number in a room", async () => {
    const first = message();
    await insert("messages", first);
    await expect(insert("messages", message({ seq: first.seq }))).rejects.toMatchObject({ constraint: "messages_room_id_seq_key" });
  });

  it("a second room of a language in a lounge", async () => {
    await insert("rooms", room({ language_code: "eo" }));
    await expect(insert("rooms", room({ language_code: "eo" }))).rejects.toMatchObject({ code: "23505" });
  });
});

describe("the audit log", () => {
  it.each([
    ["change", "UPDATE audit_log SET action = 'other'"],
    ["removal", "DELETE FROM audit_log"],
    ["emptying", "TRUNCATE audit_log"],
  ])("rejects %s", async (_, statement) => {
    const entry = { id: newId(), action: "session_ended", subject_type: "session" };
    await insert("audit_log", entry);
    await expect(database.pool.query(statement)).rejects.toThrow(/audit_log is append-only/);
    const { rows } = await database.pool.query("SELECT action FROM audit_log WHERE id = $1", [entry.id]);
    expect(rows).toEqual([{ action: "session_ended" }]);
  });

  it.each([
    ["after the cutoff", "500 days", "400 days", false],
    ["of the last 30 days, whatever the cutoff", "0 days", "29 days", false],
    ["before the cutoff", "300 days", "400 days", true],
  ])("decides about the expiry of an entry %s", async (_what, cutoff, age, isRemoved) => {
    const entry = { id: newId(), action: "signed_in", subject_type: "user" };
    await database.pool.query("INSERT INTO audit_log (id, action, subject_type, at) VALUES ($1, $2, $3, now() - $4::interval)", [
      ...Object.values(entry),
      age,
    ]);
    await insert("audit_log", { ...entry, id: newId() });
    const client = await database.pool.connect();
    await client.query("BEGIN");
    await client.query("SELECT audit_expire(now() - $1::interval, now() - $1::interval, 100)", [cutoff]);
    await client.query("SAVEPOINT expired");
    // The permission ends with the function.
    await expect(client.query("DELETE FROM audit_log")).rejects.toThrow(/audit_log is append-only/);
    await client.query("ROLLBACK TO expired; COMMIT");
    client.release();
    expect(await database.db.auditEntry.count({ where: { id: entry.id } })).toBe(isRemoved ? 0 : 1);
  });

  it.each(["UPDATE audit_chain SET action = 'other'", "DELETE FROM audit_chain", "TRUNCATE audit_chain", "DELETE FROM audit_head"])(
    "rejects a change of its chain: %s",
    async (statement) => {
      await insert("audit_log", { id: newId(), action: "session_ended", subject_type: "session" });
      await expect(database.pool.query(statement)).rejects.toThrow(/is append-only/);
    },
  );
});
