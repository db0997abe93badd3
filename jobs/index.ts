import eraseAccounts from "./erase-accounts.ts";
import expireSessions from "./expire-sessions.ts";
import markOffline from "./mark-offline.ts";
import mergeGuests from "./merge-guests.ts";
import expireActions from "./moderation/expire-actions.ts";
import hookEvents from "./moderation/hook-events.ts";
import moderationContent from "./moderation/moderation-content.ts";
import purgeModeration from "./moderation/purge-moderation.ts";
import updateTrust from "./moderation/update-trust.ts";
import purgeAuditLog from "./purge-audit-log.ts";
import purgeCodes from "./purge-codes.ts";
import purgeDeclines from "./purge-declines.ts";
import purgeDeletedTexts from "./purge-deleted-texts.ts";
import purgeGuests from "./purge-guests.ts";
import purgeNotifications from "./purge-notifications.ts";
import purgeRuns from "./purge-runs.ts";
import purgeStrangerTexts from "./purge-stranger-texts.ts";
import runExports from "./run-exports.ts";
import { type Scheduler, type SchedulerOptions, startScheduler } from "./scheduler.ts";

/** All scheduled jobs. */
export const allJobs = [
  expireSessions,
  purgeGuests,
  mergeGuests,
  markOffline,
  purgeRuns,
  purgeCodes,
  purgeDeletedTexts,
  purgeDeclines,
  purgeStrangerTexts,
  runExports,
  eraseAccounts,
  purgeAuditLog,
  purgeNotifications,
  purgeModeration,
  updateTrust,
  moderationContent,
  expireActions,
  hookEvents,
] as const;

/** Starts every job. Stop the scheduler before the services that the jobs use. */
export const startJobs = (options: Omit<SchedulerOptions, "jobs">): Promise<Scheduler> => startScheduler({ ...options, jobs: allJobs });
