import { mergeGuests } from "../services/users/merge-guests.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "merge-guests",
  cron: "* * * * *",
  run: (services) => inBatches((limit) => mergeGuests(services, { limit })),
});
