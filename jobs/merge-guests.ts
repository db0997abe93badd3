import { continueMerges, purgeMerges } from "../services/guests/continue-merges.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "merge-guests",
  cron: "* * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => continueMerges(services, { limit })),
      () => inBatches((limit) => purgeMerges(services, { limit })),
    ),
});
