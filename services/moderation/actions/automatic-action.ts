import { inTransaction } from "../../../prisma/transaction.ts";
import type { Services } from "../../context.ts";
import { lockRooms } from "../../rooms/lock-room.ts";
import { type ActionFields, draftOf, type IssuedAction } from "./action-draft.ts";
import { finishActions } from "./finish-actions.ts";
import { issueActions } from "./issue-actions.ts";

/**
 * Takes an action without a moderator, such as the mute of an automatic rule, in a transaction of its own. Staff are never the target of
 * an automatic action. @returns the action, or null for staff
 */
export async function automaticAction(
  services: Pick<Services, "pool" | "now" | "sessions" | "publish" | "events" | "logger">,
  fields: Omit<ActionFields, "isAutomatic">,
): Promise<IssuedAction | null> {
  const draft = draftOf({ ...fields, isAutomatic: true });
  const issued = await inTransaction(services.pool, async (tx) => {
    if (draft.scope.kind === "room" && draft.scope.id !== null && draft.messageId !== null) await lockRooms(tx, [draft.scope.id]);
    const { rowCount } = await tx.query("SELECT FROM users WHERE id = $1 AND role IN ('guest', 'member') FOR SHARE", [draft.userId]);
    if (rowCount === 0) return [];
    return issueActions(tx, { actor: null, now: services.now }, [draft]);
  });
  await finishActions(services, issued);
  return issued[0] ?? null;
}
