import { purgeStrangerTexts } from "../services/automod/check-text.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "purge-stranger-texts",
  cron: "35 * * * *",
  run: (services) => inBatches((limit) => purgeStrangerTexts(services, { limit })),
});
