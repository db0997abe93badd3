import type pg from "pg";
import type { ActionKind, NewActionInput, ScopeDto, ScopeInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import { authorize } from "../../authorize.ts";
import { isStaff } from "../../users/policy.ts";
import { mayActOn, mayModerateSomewhere } from "../policy.ts";
import { currentStaff, loungeOfPublicScope, readSubjects } from "./action-access.ts";
import { type ActionDraft, draftOf } from "./action-draft.ts";

/** The place that an action refers to by its message or case; nulls without one. */
type Place = { readonly roomId: string | null; readonly loungeId: string | null };

/** Whom and what an action concerns. */
type Target = Place & { readonly userId: string };

const MESSAGE_ROOMS = "SELECT DISTINCT room_id FROM messages WHERE id = ANY($1::uuid[])";

/** Finds the rooms of the messages that new actions remove, to be locked before `resolveDrafts`. */
export async function roomsOfNewActions(db: pg.Pool | pg.PoolClient, inputs: readonly NewActionInput[]): Promise<string[]> {
  const ids = inputs.flatMap(({ messageId }) => messageId ?? []);
  if (ids.length === 0) return [];
  return (await db.query<{ room_id: string }>(MESSAGE_ROOMS, [ids])).rows.map(({ room_id }) => room_id);
}

const MESSAGE = `
  SELECT m.author_id, m.room_id, r.lounge_id, EXISTS (
    SELECT FROM moderation_cases c WHERE c.id = $2 AND (c.target_kind, c.target_id) IN (('message', m.id), ('conversation', m.room_id))
  ) AS is_in_case
  FROM messages m JOIN rooms r ON r.id = m.room_id WHERE m.id = $1 AND m.deleted_at IS NULL AND m.seq IS NOT NULL`;

type MessageRow = { author_id: string; room_id: string; lounge_id: string | null; is_in_case: boolean };

/** Conversations are private: the staff remove their messages only in a case about them. */
async function targetOfMessage(tx: pg.PoolClient, messageId: string, caseId: string | undefined): Promise<Target> {
  const [row] = (await tx.query<MessageRow>(MESSAGE, [messageId, caseId ?? null])).rows;
  if (row === undefined || (row.lounge_id === null && !row.is_in_case)) throw new AppError("not_found");
  return { userId: row.author_id, roomId: row.room_id, loungeId: row.lounge_id };
}

const CASE = "SELECT room_id, lounge_id FROM moderation_cases WHERE id = $1";

async function placeOfCase(tx: pg.PoolClient, caseId: string | undefined): Promise<Place> {
  if (caseId === undefined) return { roomId: null, loungeId: null };
  const [row] = (await tx.query<{ room_id: string | null; lounge_id: string | null }>(CASE, [caseId])).rows;
  if (row === undefined) throw new AppError("not_found");
  return { roomId: row.room_id, loungeId: row.lounge_id };
}

async function targetOf(tx: pg.PoolClient, { kind, userId, messageId, caseId }: NewActionInput): Promise<Target> {
  if (kind === "delete_message" && messageId !== undefined) return targetOfMessage(tx, messageId, caseId);
  // There are no items yet that could be removed.
  if (kind === "remove_item" || userId === undefined) throw new AppError("not_found");
  return { userId, ...(await placeOfCase(tx, caseId)) };
}

const invalidScope = (message: string): AppError => new AppError("invalid_input", { errors: [{ path: "scope", message }] });

/** The kind of scope that an action must have; all others may have any. */
const fixedScopes: Partial<Record<ActionKind, ScopeDto["kind"]>> = {
  ban_room: "room",
  ban_lounge: "lounge",
  ban_site: "site",
  delete_message: "room",
};

function defaultScope(kind: ActionKind, { roomId, loungeId }: Place, actor: Actor): ScopeDto {
  const scopeKind = fixedScopes[kind] ?? (kind === "kick" ? "room" : isStaff(actor) ? "site" : "lounge");
  const id = { room: roomId, lounge: loungeId, site: null }[scopeKind];
  if (scopeKind !== "site" && id === null) throw invalidScope("must be given for this kind of action");
  return { kind: scopeKind, id };
}

function scopeOf(input: NewActionInput, target: Target, actor: Actor): ScopeDto {
  const given: ScopeInput | undefined = input.kind === "delete_message" ? undefined : input.scope;
  if (given === undefined) return defaultScope(input.kind, target, actor);
  const fixed = fixedScopes[input.kind];
  if (fixed !== undefined && given.kind !== fixed) throw invalidScope(`must have the kind ${fixed}`);
  if (input.kind === "kick" && given.kind === "site") throw invalidScope("must be a room or a lounge");
  return { kind: given.kind, id: given.id ?? null };
}

/**
 * Checks new actions and turns them into drafts. Requires a transaction that has locked `roomsOfNewActions`, so that the permissions and
 * messages it reads are those at the time of the actions.
 * @throws AppError `not_found` for an unknown user, message, case, room or lounge, `forbidden` for oneself, an equal or a superior, and
 * outside the moderator's lounges, `invalid_input` for a scope that the kind cannot have
 */
export async function resolveDrafts(tx: pg.PoolClient, caller: Actor, inputs: readonly NewActionInput[]): Promise<ActionDraft[]> {
  const actor = await currentStaff(tx, caller);
  authorize(mayModerateSomewhere(actor));
  const targets: Target[] = [];
  for (const input of inputs) targets.push(await targetOf(tx, input));
  const subjects = await readSubjects(
    tx,
    targets.map(({ userId }) => userId),
  );
  const drafts: ActionDraft[] = [];
  for (const [index, target] of targets.entries()) {
    const input = inputs[index];
    if (input === undefined) continue;
    const scope = scopeOf(input, target, actor);
    // The room of a message may be a conversation.
    const loungeId = input.kind === "delete_message" ? target.loungeId : await loungeOfPublicScope(tx, scope);
    authorize(mayActOn(actor, subjects.in(target.userId, loungeId), { loungeId }));
    drafts.push(toDraft(input, { scope, userId: target.userId }));
  }
  return drafts;
}

const toDraft = (input: NewActionInput, { scope, userId }: { scope: ScopeDto; userId: string }): ActionDraft =>
  draftOf({
    kind: input.kind,
    userId,
    messageId: input.messageId ?? null,
    scope,
    rule: input.rule,
    text: input.text ?? null,
    durationMs: input.durationMs ?? null,
    caseId: input.caseId ?? null,
  });
