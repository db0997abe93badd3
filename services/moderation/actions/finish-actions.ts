import { setTimeout as pause } from "node:timers/promises";
import { invalidateActors } from "../../auth/sessions/invalidate-actor.ts";
import type { Services } from "../../context.ts";
import type { IssuedAction, RevertedAction } from "./action-draft.ts";
import { presentOwnAction, readActions } from "./present-action.ts";
import { processContent } from "./process-content.ts";

/** How long after an action the user can appeal, in months. */
export const APPEAL_MONTHS = 6;

/** Returns until when a user can appeal against an action. */
export function appealDeadlineOf(createdAt: Date): Date {
  const deadline = new Date(createdAt);
  deadline.setUTCMonth(deadline.getUTCMonth() + APPEAL_MONTHS);
  return deadline;
}

type Finishing = Pick<Services, "pool" | "now" | "sessions" | "publish" | "events" | "logger">;

async function publishAll(
  services: Finishing,
  actions: readonly RevertedAction[],
  publish: (userId: string, action: Awaited<ReturnType<typeof readActions>>[number]) => void,
): Promise<void> {
  for (const { batch, notificationIds } of actions) {
    if (batch !== null) services.events.publish("roomChanged", batch);
    services.events.publish("notificationsCreated", { ids: notificationIds });
  }
  await invalidateActors(services, [...new Set(actions.flatMap(({ userId }) => userId ?? []))]);
  const ids = actions.flatMap(({ id, userId }) => (userId === null ? [] : id));
  for (const row of await readActions(services.pool, ids)) if (row.target !== null) publish(row.target.id, row);
}

/** How long a call waits until messages are wiped or restored; afterwards that continues without it. */
const CONTENT_WAIT_MS = 3_000;

/** Removes or restores the messages of wipes, in sequence. If it fails, the job `moderation-content` completes it. */
async function completeContentOf(services: Finishing, actions: readonly RevertedAction[]): Promise<void> {
  try {
    for (const { id, kind } of actions) if (kind === "wipe_messages") await processContent(services, id);
  } catch (error) {
    services.logger.warn("could not complete the content of an action; the job will", { error });
  }
}

const soon = (work: Promise<void>): Promise<void> => Promise.race([work, pause(CONTENT_WAIT_MS, undefined, { ref: false })]);

/**
 * Publishes committed actions and completes their effects: removed messages and notifications are published, the users' sockets leave the
 * rooms they may no longer be in, sessions of banned users end, and messages are wiped in batches. If the process ends before, other nodes
 * enforce the restrictions within 2 s and the job `moderation-content` completes the rest.
 */
export async function finishActions(services: Finishing, issued: readonly IssuedAction[]): Promise<void> {
  await publishAll(services, issued, (userId, row) => {
    const canAppealUntil = appealDeadlineOf(row.created_at).toISOString();
    services.publish.moderationApplied(userId, { action: presentOwnAction(row), canAppealUntil });
  });
  services.events.publish("actionsIssued", { actions: issued });
  await soon(completeContentOf(services, issued));
}

/** Publishes committed reverts, and restores wiped messages in batches. */
export async function finishReverts(services: Finishing, reverted: readonly RevertedAction[]): Promise<void> {
  await publishAll(services, reverted, (userId, row) => {
    services.publish.moderationReverted(userId, { action: presentOwnAction(row) });
  });
  services.events.publish("actionsReverted", { actions: reverted });
  await soon(completeContentOf(services, reverted));
}
