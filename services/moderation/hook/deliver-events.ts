import { DAY_MS } from "../../../utils/clock.ts";
import type { HookConfig } from "../../../utils/config.ts";
import { postSigned, WebhookError, webhookFault } from "../../adapters/webhook/post.ts";
import { BatchError, clearFailures, notFailed, type RowServices, recordFailure } from "../../audit/process-rows.ts";
import { ago } from "../../audit/purge-rows.ts";
import type { Services } from "../../context.ts";
import { type HookEvent, readFacts } from "./event-payloads.ts";

const JOB = "hook-events";
const SETTING = "moderation_hook_events";

/** Undelivered events are dropped after this time, and the oldest ones beyond this number. */
const KEPT_MS = 3 * DAY_MS;
const MOST_EVENTS = 10_000;

/** A delivery is not part of a call, so the receiver gets more time than for a verdict. */
const TIMEOUT_MS = 5_000;

/** After so many failures in a row, the remaining events of a run wait for the next one. */
const FAILURES_IN_A_ROW = 3;

const ENABLE = `INSERT INTO settings (key, value, updated_at) VALUES ('${SETTING}', 'true', $1) ON CONFLICT (key) DO NOTHING`;
const DISABLE = `DELETE FROM settings WHERE key = '${SETTING}'`;

const FIND = `
  SELECT id, type, subject_id AS "subjectId" FROM hook_events e WHERE ${notFailed({ job: JOB, key: "e.id", now: "$1" })}
  ORDER BY created_at, id LIMIT $2`;

const REMOVE = "DELETE FROM hook_events WHERE id = $1";

const DROP = `
  DELETE FROM hook_events WHERE id IN (
    SELECT id FROM hook_events WHERE created_at < greatest($1, (SELECT created_at FROM hook_events ORDER BY created_at DESC OFFSET $2 LIMIT 1))
    LIMIT $3
  )`;

type HookServices = RowServices & Pick<Services, "rules">;

/** Records events from now on if a classifier is configured, and otherwise stops. Every run does this, so a changed setting takes effect. */
export async function switchEvents({ pool, now, rules }: HookServices): Promise<void> {
  if (rules.moderationHook === undefined) await pool.query(DISABLE);
  else await pool.query(ENABLE, [now()]);
}

/** Sends one event, unless its case or action was removed. @throws the errors of `postSigned` */
async function send(hook: HookConfig, event: HookEvent, { facts, now }: { facts: object | null; now: Date }): Promise<void> {
  if (facts === null) return;
  const payload = { id: event.id, type: event.type, sentAt: now.toISOString(), ...facts };
  await postSigned({ ...hook, timeoutMs: TIMEOUT_MS }, payload, now);
}

/** Whether the receiver itself is the reason and not the event: it did not answer, or with an error of its own. */
const isOutage = (error: unknown): boolean => !(error instanceof WebhookError) || error.status >= 500;

/**
 * Delivers one event and removes it. Records a failure of the receiver, without its answer.
 * @returns the failure, or null
 */
async function deliver(services: HookServices, hook: HookConfig, event: HookEvent): Promise<{ error: Error; isOutage: boolean } | null> {
  const facts = await readFacts(services.pool, event);
  try {
    await send(hook, event, { facts, now: services.now() });
  } catch (failure) {
    const error = new Error(webhookFault(failure).reason);
    await recordFailure(services, { job: JOB, key: event.id, error });
    return { error, isOutage: isOutage(failure) };
  }
  await services.pool.query(REMOVE, [event.id]);
  await clearFailures(services, { job: JOB, keys: [event.id] });
  return null;
}

/**
 * Sends recorded events to the classifier, oldest first, each at least once: the receiver recognizes a repeat by its id. An event that fails
 * is sent again after 1, 4, 16 minutes and so on, up to every 6 hours.
 * @returns how many were delivered
 * @throws BatchError when some could not be delivered
 */
export async function deliverEvents(services: HookServices, { limit }: { limit: number }): Promise<number> {
  const hook = services.rules.moderationHook;
  if (hook === undefined) return 0;
  const { rows } = await services.pool.query<HookEvent>(FIND, [services.now(), limit]);
  const errors: Error[] = [];
  let outages = 0;
  let done = 0;
  for (const event of rows) {
    const failure = await deliver(services, hook, event);
    if (failure === null) done += 1;
    else errors.push(failure.error);
    outages = failure?.isOutage === true ? outages + 1 : 0;
    if (outages === FAILURES_IN_A_ROW) break;
  }
  if (errors.length > 0) throw new BatchError(done, errors);
  return done;
}

/** Drops events that could not be delivered for 3 days, the oldest ones beyond 10,000, and all if no classifier is configured. */
export async function dropEvents(services: HookServices, { limit }: { limit: number }): Promise<number> {
  const isConfigured = services.rules.moderationHook !== undefined;
  const values = [isConfigured ? ago(services, KEPT_MS) : services.now(), MOST_EVENTS, limit];
  return (await services.pool.query(DROP, values)).rowCount ?? 0;
}
