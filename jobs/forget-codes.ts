import { forgetChallenges, forgetMailTokens, forgetPhoneCodes } from "../services/auth/forget-codes.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "forget-codes",
  cron: "10-59/15 * * * *",
  run: async (services) =>
    (await inBatches((limit) => forgetPhoneCodes(services, { limit }))) +
    (await inBatches((limit) => forgetMailTokens(services, { limit }))) +
    (await inBatches((limit) => forgetChallenges(services, { limit }))),
});
