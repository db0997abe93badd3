import { forgetMerges, mergeGuests } from "../services/guests/continue-merges.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "merge-guests",
  cron: "* * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => mergeGuests(services, { limit })),
      () => inBatches((limit) => forgetMerges(services, { limit })),
    ),
});
