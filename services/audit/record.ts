import type pg from "pg";
import type { Prisma } from "../../prisma/generated/client.ts";
import { newId } from "../../utils/ids.ts";

/** All actions that are recorded in the audit log. */
export type AuditAction =
  | "guest_created"
  | "guest_upgraded"
  | "guest_merged"
  | "account_created"
  | "signed_in"
  | "sign_in_failed"
  | "stepped_up"
  | "session_ended"
  | "refresh_replayed"
  | "password_changed"
  | "password_reset_requested"
  | "password_reset"
  | "totp_enabled"
  | "totp_disabled"
  | "recovery_codes_renewed"
  | "recovery_code_used"
  | "passkey_added"
  | "passkey_removed"
  | "email_changed"
  | "email_verified"
  | "phone_changed"
  | "phone_verified"
  | "sms_paused"
  | "profile_changed"
  | "role_changed"
  | "bot_created"
  | "bot_retired"
  | "bot_token_created"
  | "bot_token_revoked"
  | "export_requested"
  | "export_downloaded"
  | "deletion_requested"
  | "deletion_cancelled"
  | "user_erased"
  | "message_approved"
  | "message_rejected"
  | "action_taken"
  | "action_reverted"
  | "case_claimed"
  | "case_resolved"
  | "evidence_read"
  | "appeal_decided"
  | "lounge_moderator_added"
  | "lounge_moderator_removed"
  | "rule_created"
  | "rule_changed"
  | "rule_deleted"
  | "raid_mode_started"
  | "raid_mode_ended";

/**
 * An audit event. `data` must not contain anything that would have to be erased with a user; `data.sessionId` is the session in which
 * the action was performed, if known.
 */
export type AuditEvent = {
  readonly action: AuditAction;
  readonly subjectType: "user" | "session" | "phone_prefix" | "message" | "action" | "case" | "appeal" | "rule" | "raid_mode";
  /** Null if the subject belongs to no user, such as a group of phone numbers. */
  readonly subjectId: string | null;
  readonly data?: Prisma.InputJsonObject;
};

/** The user and request that caused an event; a job has neither. */
export type AuditCaller = { readonly actor?: { readonly id: string } | null; readonly requestId?: string };

/** Returns the row of an audit entry, to be written in the same transaction as the change it records. */
export const auditRow = (
  { actor, requestId }: AuditCaller,
  { action, subjectType, subjectId, data }: AuditEvent,
): Prisma.AuditEntryUncheckedCreateInput => ({
  action,
  subjectType,
  subjectId,
  actorId: actor?.id ?? null,
  data: data ?? {},
  requestId: requestId ?? null,
});

/** Appends an entry to the audit log. The database rejects any update, and removal before the retention time. */
export async function audit(ctx: AuditCaller & { readonly db: Prisma.TransactionClient }, event: AuditEvent): Promise<void> {
  await ctx.db.auditEntry.create({ data: auditRow(ctx, event) });
}

const APPEND = `
  INSERT INTO audit_log (id, action, subject_type, subject_id, actor_id, data, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`;

const APPEND_ALL = `
  INSERT INTO audit_log (id, action, subject_type, subject_id, actor_id, data, request_id)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::jsonb[], $7::text[])`;

/** Appends several entries in one statement, within a transaction of the `pg` driver. */
export async function auditAllInTransaction(tx: pg.PoolClient, caller: AuditCaller, events: readonly AuditEvent[]): Promise<void> {
  const rows = events.map((event) => auditRow(caller, event));
  await tx.query(APPEND_ALL, [
    rows.map(() => newId()),
    rows.map(({ action }) => action),
    rows.map(({ subjectType }) => subjectType),
    rows.map(({ subjectId }) => subjectId),
    rows.map(({ actorId }) => actorId),
    rows.map(({ data }) => JSON.stringify(data)),
    rows.map(({ requestId }) => requestId),
  ]);
}

/** Appends an entry within a transaction of the `pg` driver. */
export async function auditInTransaction(tx: pg.PoolClient, caller: AuditCaller, event: AuditEvent): Promise<void> {
  const { action, subjectType, subjectId, actorId, data, requestId } = auditRow(caller, event);
  await tx.query(APPEND, [newId(), action, subjectType, subjectId, actorId, data, requestId]);
}
