import { purgeErasedGuests, purgeGuests } from "../services/guests/purge-guests.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-guests",
  cron: "5-59/15 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgeGuests(services, { limit })),
      () => inBatches((limit) => purgeErasedGuests(services, { limit })),
    ),
});
