import { purgeFailures, purgeRuns } from "../services/audit/job-runs.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-runs",
  cron: "40 3 * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgeRuns(services, { limit })),
      () => inBatches((limit) => purgeFailures(services, { limit })),
    ),
});
