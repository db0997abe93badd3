import { expireExports, purgeExports } from "../services/privacy/export/expire.ts";
import { workOffExports } from "../services/privacy/export/work.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "run-exports",
  cron: "* * * * *",
  run: (services) =>
    inParts(
      () => workOffExports(services),
      () => inBatches((limit) => expireExports(services, { limit })),
      () => inBatches((limit) => purgeExports(services, { limit })),
    ),
});
