import type pg from "pg";
import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import { authorize } from "../../authorize.ts";
import { mayActOn, mayModerateIn, type Subject } from "../policy.ts";

type ScopeRow = { readonly scope_kind: "room" | "lounge" | "site"; readonly scope_id: string | null };

/** Locks the actor's row against a change of the role, which then waits for the end of this transaction. */
const STAFF = `
  SELECT u.role, ARRAY(SELECT lm.lounge_id FROM lounge_moderators lm WHERE lm.user_id = u.id) AS moderates
  FROM users u WHERE u.id = $1 AND u.erased_at IS NULL FOR SHARE OF u`;

/**
 * Returns the actor with their present role and lounges; they may have lost them since the request began.
 * @throws AppError `forbidden`
 */
export async function currentStaff(tx: pg.PoolClient, actor: Actor): Promise<Actor> {
  const [row] = (await tx.query<Pick<Actor, "role" | "moderates">>(STAFF, [actor.id])).rows;
  if (row === undefined) throw new AppError("forbidden");
  return { ...actor, role: row.role, moderates: row.moderates };
}

const SUBJECTS = `
  SELECT u.id, u.role, ARRAY(SELECT lm.lounge_id FROM lounge_moderators lm WHERE lm.user_id = u.id) AS moderates
  FROM users u WHERE u.id = ANY($1::uuid[]) AND u.erased_at IS NULL`;

type SubjectRow = { readonly id: string; readonly role: AuthorDto["role"]; readonly moderates: readonly string[] };

/** The users whom actions concern, with their present roles. */
export type Subjects = {
  /** Returns a user with their role in a lounge. @throws AppError `not_found` */
  in(userId: string, loungeId: string | null): Subject;
};

/** Reads the users whom actions concern, within the transaction of these actions. */
export async function readSubjects(tx: pg.PoolClient, userIds: readonly string[]): Promise<Subjects> {
  const { rows } = await tx.query<SubjectRow>(SUBJECTS, [userIds]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return {
    in(userId, loungeId) {
      const row = byId.get(userId);
      if (row === undefined) throw new AppError("not_found");
      const isModerator = loungeId !== null && row.moderates.includes(loungeId) && row.role === "member";
      return { id: row.id, role: isModerator ? "moderator" : row.role };
    },
  };
}

const LOUNGE = "SELECT lounge_id FROM rooms WHERE id = $1";

/** Returns the lounge of a scope: null for the site and for a conversation. @throws AppError `not_found` if the room does not exist */
export async function loungeOfScope(tx: pg.PoolClient, { kind, id }: { kind: "room" | "lounge" | "site"; id: string | null }) {
  if (kind !== "room") return id;
  const [room] = (await tx.query<{ lounge_id: string | null }>(LOUNGE, [id])).rows;
  if (room === undefined) throw new AppError("not_found");
  return room.lounge_id;
}

const PUBLIC_LOUNGE = {
  room: "SELECT lounge_id FROM rooms WHERE id = $1 AND kind = 'language'",
  lounge: "SELECT id AS lounge_id FROM lounges WHERE id = $1",
} as const;

/**
 * Does the same for a scope that a moderator chose, which cannot be a conversation.
 * @throws AppError `not_found` if the lounge or language room does not exist
 */
export async function loungeOfPublicScope(db: pg.Pool | pg.PoolClient, { kind, id }: ScopeDto): Promise<string | null> {
  if (kind === "site") return null;
  const [row] = (await db.query<{ lounge_id: string }>(PUBLIC_LOUNGE[kind], [id])).rows;
  if (row === undefined) throw new AppError("not_found");
  return row.lounge_id;
}

type ActionRow = ScopeRow & { readonly user_id: string | null; readonly created_by: string | null };

/** The action itself and, of a bulk action, its children. */
const FAMILY = `
  SELECT a.user_id, a.scope_kind, a.scope_id, a.actor_id AS created_by FROM moderation_actions a WHERE a.id = $1 OR a.parent_id = $1`;

/**
 * Checks that the actor may undo an action and all actions of a bulk action: as the staff who may act on the users concerned. Moderators
 * cannot undo what was decided about themselves, their equals or superiors.
 * @throws AppError `not_found`, `forbidden`
 */
export async function authorizeRevert(tx: pg.PoolClient, caller: Actor, actionId: string): Promise<void> {
  const actor = await currentStaff(tx, caller);
  const { rows } = await tx.query<ActionRow>(FAMILY, [actionId]);
  if (rows.length === 0) throw new AppError("not_found");
  const subjects = await readSubjects(
    tx,
    rows.flatMap((row) => row.user_id ?? []),
  );
  for (const row of rows) {
    const loungeId = await loungeOfScope(tx, { kind: row.scope_kind, id: row.scope_id });
    if (row.user_id === null) authorize(mayModerateIn(actor, { loungeId }));
    else authorize(mayActOn(actor, subjects.in(row.user_id, loungeId), { loungeId }));
  }
}
