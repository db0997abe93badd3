import type pg from "pg";
import { type ActionKind, defaultDurations } from "../../../utils/contract/schemas/moderation/actions.ts";
import { newId } from "../../../utils/ids.ts";
import { auditAllInTransaction } from "../../audit/record.ts";
import { numberChanges } from "../../messages/changes/change.ts";
import { removeMessages } from "../../messages/changes/remove-messages.ts";
import type { Batch } from "../../realtime/batch.ts";
import type { ActionCaller, ActionDraft, IssuedAction } from "./action-draft.ts";
import { notifyUsers } from "./notify-users.ts";

const INSERT = `
  INSERT INTO moderation_actions (id, kind, user_id, message_id, item_id, scope_kind, scope_id, rule, text, case_id, parent_id, actor_id,
    is_automatic, created_at, expires_at, wipe_since, content_state)
  SELECT * FROM unnest($1::uuid[], $2::action_kind[], $3::uuid[], $4::uuid[], $5::uuid[], $6::action_scope[], $7::uuid[], $8::text[], $9::text[],
    $10::uuid[], $11::uuid[], $12::uuid[], $13::bool[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::text[])`;

/** Kinds that last: without a duration they are permanent. */
const RESTRICTIONS: ReadonlySet<ActionKind> = new Set(["mute", "kick", "ban_room", "ban_lounge", "ban_site", "require_phone"]);

/** Returns when a restriction ends; null if it is permanent, or no restriction. */
function endOf({ kind, durationMs }: ActionDraft, now: Date): Date | null {
  if (!RESTRICTIONS.has(kind)) return null;
  const lasts = durationMs ?? (kind === "kick" ? defaultDurations.kick : null);
  return lasts === null ? null : new Date(now.getTime() + lasts);
}

const wipedSince = ({ kind, durationMs }: ActionDraft, now: Date): Date | null =>
  kind === "wipe_messages" ? new Date(now.getTime() - (durationMs ?? defaultDurations.wipe_messages)) : null;

type Row = { readonly id: string; readonly draft: ActionDraft; readonly expiresAt: Date | null };

async function insertRows(tx: pg.PoolClient, { actor }: ActionCaller, { rows, now }: { rows: readonly Row[]; now: Date }): Promise<void> {
  const column = <Value>(of: (row: Row) => Value): Value[] => rows.map(of);
  await tx.query(INSERT, [
    column(({ id }) => id),
    column(({ draft }) => draft.kind),
    column(({ draft }) => draft.userId),
    column(({ draft }) => draft.messageId),
    column(({ draft }) => draft.itemId),
    column(({ draft }) => draft.scope.kind),
    column(({ draft }) => draft.scope.id),
    column(({ draft }) => draft.rule),
    column(({ draft }) => draft.text),
    column(({ draft }) => draft.caseId),
    column(({ draft }) => draft.parentId),
    column(({ draft }) => (draft.isAutomatic ? null : (actor?.id ?? null))),
    column(({ draft }) => draft.isAutomatic),
    column(() => now),
    column(({ expiresAt }) => expiresAt),
    column(({ draft }) => wipedSince(draft, now)),
    column(({ draft }) => (draft.kind === "wipe_messages" && draft.userId !== null ? "removing" : null)),
  ]);
}

/** Removes the message of an action. Its room is locked. */
async function removeMessage(tx: pg.PoolClient, { id, draft }: Row): Promise<Batch | null> {
  if (draft.kind !== "delete_message" || draft.messageId === null || draft.scope.id === null) return null;
  return numberChanges(tx, draft.scope.id, await removeMessages(tx, id, [draft.messageId]));
}

/**
 * Stores actions, their audit entries and the notifications of the users they concern, and removes the messages of `delete_message`, whose
 * scope is the message's room. Requires a transaction that has locked the rooms of those messages. Call `finishActions` after the commit.
 */
export async function issueActions(tx: pg.PoolClient, caller: ActionCaller, drafts: readonly ActionDraft[]): Promise<IssuedAction[]> {
  const now = caller.now();
  const rows = drafts.map((draft): Row => ({ id: newId(), draft, expiresAt: endOf(draft, now) }));
  if (rows.length === 0) return [];
  await insertRows(tx, caller, { rows, now });
  const issued: IssuedAction[] = [];
  for (const row of rows) {
    const { kind, userId, scope } = row.draft;
    const batch = await removeMessage(tx, row);
    issued.push({ id: row.id, kind, userId, scope, expiresAt: row.expiresAt, batch, notificationIds: [] });
  }
  await auditAllInTransaction(
    tx,
    caller,
    rows.map(({ id, draft: { kind, rule, scope, isAutomatic } }) => ({
      action: "action_taken",
      subjectType: "action",
      subjectId: id,
      data: { kind, rule, scope: { ...scope }, isAutomatic },
    })),
  );
  return notifyUsers(tx, issued);
}
