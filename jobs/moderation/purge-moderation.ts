import { purgeCases } from "../../services/moderation/cases/purge-cases.ts";
import { defineJob, inBatches } from "../define.ts";

export default defineJob({
  name: "purge-moderation",
  cron: "50 4 * * *",
  run: (services) => inBatches((limit) => purgeCases(services, { limit })),
});
