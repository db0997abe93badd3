import { purgeDeclines } from "../services/conversations/members/declines.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "purge-declines",
  cron: "25 * * * *",
  run: (services) => inBatches((limit) => purgeDeclines(services, { limit })),
});
