import expireSessions from "./expire-sessions.ts";
import forgetRuns from "./forget-runs.ts";
import markOffline from "./mark-offline.ts";
import purgeGuests from "./purge-guests.ts";
import { type Scheduler, type SchedulerOptions, startScheduler } from "./scheduler.ts";

/** Every job there is. */
export const allJobs = [expireSessions, purgeGuests, markOffline, forgetRuns] as const;

/** Starts every job. Stop it before the services it works with. */
export const startJobs = (options: Omit<SchedulerOptions, "jobs">): Promise<Scheduler> => startScheduler({ ...options, jobs: allJobs });
