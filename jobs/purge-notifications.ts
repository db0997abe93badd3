import { purgeNotifications, purgeReadNotifications } from "../services/notifications/purge.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-notifications",
  cron: "30 4 * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgeReadNotifications(services, { limit })),
      () => inBatches((limit) => purgeNotifications(services, { limit })),
    ),
});
