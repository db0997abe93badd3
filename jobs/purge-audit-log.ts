import { expireEntries, openAuditOwner } from "../services/audit/expire-entries.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "purge-audit-log",
  cron: "10 4 * * *",
  async run(services) {
    const owner = await openAuditOwner(services);
    if (owner === null) {
      services.logger.warn("this server's role may not remove audit entries; run `npm run audit:expire` every day");
      return 0;
    }
    try {
      return await inBatches((limit) => expireEntries(services, { client: owner.client, limit }));
    } finally {
      await owner.close();
    }
  },
});
