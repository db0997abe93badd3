import { inTransaction } from "../../../prisma/transaction.ts";
import type { ActionDto, BulkActionsDto, BulkActionsInput, NewActionInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import { AppError } from "../../../utils/errors.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { type ActionDraft, draftOf, type IssuedAction } from "./action-draft.ts";
import { finishActions } from "./finish-actions.ts";
import { issueActions } from "./issue-actions.ts";
import { presentAction, readActions } from "./present-action.ts";
import { resolveDrafts, roomsOfNewActions } from "./resolve-drafts.ts";

type ActionCtx = Ctx<"pool" | "now" | "sessions" | "publish" | "events" | "logger">;

/** Returns the actions in the given order. */
async function presented(ctx: ActionCtx, issued: readonly IssuedAction[]): Promise<ActionDto[]> {
  const ids = issued.map(({ id }) => id);
  return (await readActions(ctx.pool, ids)).map(presentAction);
}

/**
 * Takes an action about a user or a message. It is active on every node within 2 s.
 * @throws AppError `forbidden` for all but the staff there, and for oneself, an equal or a superior; `not_found`, `invalid_input`
 */
export async function createAction(ctx: ActionCtx, input: NewActionInput): Promise<ActionDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const roomIds = await roomsOfNewActions(ctx.pool, [input]);
  const issued = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    return issueActions(tx, ctx, await resolveDrafts(tx, ctx.actor, [input]));
  });
  await finishActions(ctx, issued);
  const [action] = await presented(ctx, issued);
  if (action === undefined) throw new AppError("not_found");
  return action;
}

/** Returns the parent of a bulk action: it concerns no user, and has the scope and rule of its children if they agree. */
function parentOf(drafts: readonly ActionDraft[]): ActionDraft | null {
  const [first] = drafts;
  if (first === undefined) return null;
  const isSameScope = drafts.every(({ scope }) => scope.kind === first.scope.kind && scope.id === first.scope.id);
  const isSameRule = drafts.every(({ rule }) => rule === first.rule);
  const isSameKind = drafts.every(({ kind }) => kind === first.kind);
  return draftOf({
    kind: isSameKind ? first.kind : "warn",
    scope: isSameScope ? first.scope : { kind: "site", id: null },
    rule: isSameRule ? first.rule : "other",
  });
}

/**
 * Takes many actions together, or none of them. Reverting the parent reverts them all.
 * @throws AppError as `createAction`
 */
export async function createBulkActions(ctx: ActionCtx, { actions }: BulkActionsInput): Promise<BulkActionsDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const roomIds = await roomsOfNewActions(ctx.pool, actions);
  const issued = await inTransaction(ctx.pool, async (tx) => {
    await lockRooms(tx, roomIds);
    const drafts = await resolveDrafts(tx, ctx.actor, actions);
    const parent = parentOf(drafts);
    if (parent === null) throw new AppError("not_found");
    const [bulk] = await issueActions(tx, ctx, [parent]);
    if (bulk === undefined) throw new AppError("not_found");
    const children = await issueActions(
      tx,
      ctx,
      drafts.map((draft) => ({ ...draft, parentId: bulk.id })),
    );
    return [bulk, ...children];
  });
  await finishActions(ctx, issued);
  const [parent, ...children] = await presented(ctx, issued);
  if (parent === undefined) throw new AppError("not_found");
  return { parent, actions: children };
}
