import { forgetRuns } from "../services/audit/job-runs.ts";
import { defineJob, inBatches } from "./define.ts";

const KEEP_MS = 14 * 86_400_000;

export default defineJob({
  name: "forget-runs",
  cron: "40 3 * * *",
  run: ({ pool, now }) => inBatches((limit) => forgetRuns(pool, { before: new Date(now().getTime() - KEEP_MS), limit })),
});
