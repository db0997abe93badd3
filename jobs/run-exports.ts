import { expireExports, purgeExports } from "../services/privacy/export/expire.ts";
import { runPendingExports } from "../services/privacy/export/run-pending.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "run-exports",
  cron: "* * * * *",
  run: (services) =>
    inParts(
      () => runPendingExports(services),
      () => inBatches((limit) => expireExports(services, { limit })),
      () => inBatches((limit) => purgeExports(services, { limit })),
    ),
});
