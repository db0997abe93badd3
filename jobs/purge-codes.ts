import { purgeChallenges, purgeMailTokens, purgePhoneAttempts, purgePhoneCodes, purgeSmsBudgets } from "../services/auth/purge-codes.ts";
import { purgeUsedProofs } from "../services/guests/proof-of-work.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-codes",
  cron: "10-59/15 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgePhoneCodes(services, { limit })),
      () => inBatches((limit) => purgePhoneAttempts(services, { limit })),
      () => inBatches((limit) => purgeSmsBudgets(services, { limit })),
      () => inBatches((limit) => purgeMailTokens(services, { limit })),
      () => inBatches((limit) => purgeChallenges(services, { limit })),
      () => inBatches((limit) => purgeUsedProofs(services, { limit })),
    ),
});
