import { forgetChallenges, forgetMailTokens, forgetPhoneCodes, forgetPhoneTries, forgetSmsBudgets } from "../services/auth/purge-codes.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "forget-codes",
  cron: "10-59/15 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => forgetPhoneCodes(services, { limit })),
      () => inBatches((limit) => forgetPhoneTries(services, { limit })),
      () => inBatches((limit) => forgetSmsBudgets(services, { limit })),
      () => inBatches((limit) => forgetMailTokens(services, { limit })),
      () => inBatches((limit) => forgetChallenges(services, { limit })),
    ),
});
