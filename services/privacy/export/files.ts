import type { Vault } from "../../vault/vault.ts";
import type { ExportFile } from "../user-key.ts";

/** One entry of an export file. */
export type Entry = Readonly<Record<string, unknown>>;

/** One file of an export: a query by the user's id, in reading order, and a function that decrypts the sealed fields of a row. */
export type Source = { readonly sql: string; readonly open?: (vault: Vault, row: Entry) => Entry };

const sealed = (value: unknown): Uint8Array | null => (value instanceof Uint8Array ? value : null);

/** Replaces a sealed field by its decrypted value. */
function opened(vault: Vault, row: Entry, { field, table, column }: { field: string; table: string; column: string }): Entry {
  const { id, ...rest } = row;
  const bytes = sealed(row[field]);
  return { ...rest, [field]: bytes && vault.open({ table, field: column, id: String(id) }, bytes) };
}

/** Selects the audit entries about a user and their sessions. */
const OWN_ENTRIES = `(e.subject_type = 'user' AND e.subject_id = $1)
  OR (e.subject_type = 'session' AND e.subject_id IN (SELECT s.id FROM sessions s WHERE s.user_id = $1))`;

/** The query of each export file. They contain no data of other users, nor who performed an action on the user. */
export const sources: Readonly<Record<ExportFile, Source>> = {
  profile: {
    sql: `SELECT id, id AS "userId", kind, role, username, display_name AS "displayName", languages, learning, bio, pronouns,
      who_may_write AS "whoMayWrite", shows_receipts AS "showsReceipts", is_invisible AS "isInvisible", birth_date AS "birthDate",
      accepted_rules_version AS "acceptedRulesVersion", created_at AS "createdAt", last_seen_at AS "lastSeenAt",
      trust_level AS "trustLevel", ARRAY(SELECT l.name FROM lounge_moderators lm JOIN lounges l ON l.id = lm.lounge_id WHERE lm.user_id = users.id) AS moderates
      FROM users WHERE id = $1`,
    open: (vault, row) => opened(vault, row, { field: "birthDate", table: "users", column: "birth_date" }),
  },
  contacts: {
    sql: `SELECT id, kind, sealed AS value, created_at AS "createdAt", verified_at AS "verifiedAt"
      FROM contacts WHERE user_id = $1 ORDER BY kind`,
    open: (vault, row) => opened(vault, row, { field: "value", table: "contacts", column: "sealed" }),
  },
  security: {
    sql: `SELECT 'password' AS kind, password_changed_at AS "setAt", NULL::timestamptz AS "usedAt" FROM credentials WHERE user_id = $1
      UNION ALL SELECT 'authenticator app', totp_enabled_at, NULL FROM credentials WHERE user_id = $1 AND totp_enabled_at IS NOT NULL
      UNION ALL SELECT 'recovery code', created_at, used_at FROM recovery_codes WHERE user_id = $1`,
  },
  passkeys: {
    sql: `SELECT name, is_synced AS "isSynced", created_at AS "createdAt", last_used_at AS "lastUsedAt"
      FROM passkeys WHERE user_id = $1 ORDER BY created_at`,
  },
  sessions: {
    sql: `SELECT user_agent AS "device", created_at AS "createdAt", last_used_at AS "lastUsedAt", expires_at AS "expiresAt",
      ended_at AS "endedAt", end_reason AS "endReason" FROM sessions WHERE user_id = $1 ORDER BY created_at`,
  },
  history: { sql: `SELECT e.at, e.action FROM audit_log e WHERE ${OWN_ENTRIES} ORDER BY e.at, e.id` },
  codes: {
    sql: `SELECT id, purpose, sealed AS number, created_at AS "sentAt", confirmed_at AS "confirmedAt"
      FROM phone_verifications WHERE user_id = $1 ORDER BY created_at`,
    open: (vault, row) => opened(vault, row, { field: "number", table: "phone_verifications", column: "sealed" }),
  },
  sanctions: {
    sql: `SELECT a.kind, a.scope_kind AS scope, a.rule, a.text, a.is_automatic AS "isAutomatic", a.created_at AS "createdAt",
        a.expires_at AS until, a.reverted_at AS "liftedAt", p.text AS appeal, p.state AS "appealState", p.answer AS "appealAnswer"
      FROM moderation_actions a LEFT JOIN appeals p ON p.action_id = a.id WHERE a.user_id = $1 ORDER BY a.created_at`,
  },
  reports: {
    sql: `SELECT c.number, c.target_kind AS target, c.target_id AS "targetId", r.reason, r.text, r.created_at AS "createdAt",
        c.resolved_at AS "closedAt"
      FROM reports r JOIN moderation_cases c ON c.id = r.case_id WHERE r.reporter_id = $1 ORDER BY r.created_at`,
  },
  rooms: {
    sql: `SELECT l.name AS lounge, r.name AS room, r.kind, m.state, m.level, m.last_read_seq AS "lastReadSeq", m.joined_at AS "joinedAt",
      m.first_sent_at AS "firstSentAt", m.starred_at AS "starredAt"
      FROM room_members m JOIN rooms r ON r.id = m.room_id LEFT JOIN lounges l ON l.id = r.lounge_id
      WHERE m.user_id = $1 ORDER BY m.joined_at`,
  },
  blocks: {
    sql: `SELECT b.blocked_id AS "userId", u.display_name AS name, b.created_at AS "createdAt", b.declined AS "declinedRequests"
      FROM blocks b JOIN users u ON u.id = b.blocked_id WHERE b.user_id = $1 ORDER BY b.created_at, b.blocked_id`,
  },
  messages: {
    sql: `SELECT m.id, l.name AS lounge, r.name AS room, m.created_at AS "createdAt", m.edited_at AS "editedAt",
      m.language_code AS "languageCode", m.moderation, m.text
      FROM messages m JOIN rooms r ON r.id = m.room_id LEFT JOIN lounges l ON l.id = r.lounge_id
      WHERE m.author_id = $1 AND m.deleted_at IS NULL ORDER BY m.created_at, m.id`,
  },
  reactions: {
    sql: `SELECT message_id AS "messageId", emoji, created_at AS "createdAt" FROM reactions WHERE user_id = $1 ORDER BY created_at, emoji`,
  },
  notifications: {
    sql: `SELECT kind, message_id AS "messageId", subject_kind AS subject, subject_id AS "subjectId", created_at AS "createdAt", read_at AS "readAt"
      FROM notifications WHERE user_id = $1 ORDER BY id`,
  },
  "notification-settings": {
    sql: `SELECT paused_until AS "pausedUntil", quiet_from AS "quietFrom", quiet_to AS "quietTo", quiet_time_zone AS "quietTimeZone",
      sound, toasts, mentions, replies, messages, requests FROM notification_preferences WHERE user_id = $1`,
  },
  merges: {
    sql: `SELECT created_at AS "createdAt", finished_at AS "finishedAt" FROM guest_merges WHERE user_id = $1 OR guest_id = $1
      ORDER BY created_at`,
  },
  exports: {
    sql: `SELECT state, created_at AS "createdAt", expires_at AS "expiresAt" FROM data_exports WHERE user_id = $1 ORDER BY created_at`,
  },
};
