import { notifyExpired } from "../../services/moderation/actions/notify-expired.ts";
import { defineJob, inBatches } from "../define.ts";

/** Notifies users whose restriction expired. */
export default defineJob({
  name: "expire-actions",
  cron: "* * * * *",
  run: (services) => inBatches((limit) => notifyExpired(services, { limit })),
});
