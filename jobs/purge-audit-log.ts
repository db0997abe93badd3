import { purgeAuditLog, purgeFrequentEntries } from "../services/audit/purge-audit-log.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-audit-log",
  cron: "10 4 * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgeFrequentEntries(services, { limit })),
      () => inBatches((limit) => purgeAuditLog(services, { limit })),
    ),
});
