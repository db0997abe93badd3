import { purgeGuests } from "../services/users/purge-guests.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "purge-guests",
  cron: "5-59/15 * * * *",
  run: (services) => inBatches((limit) => purgeGuests(services, { limit })),
});
