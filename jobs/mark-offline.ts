import { markOffline } from "../services/presence/mark-offline.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "mark-offline",
  cron: "* * * * *",
  run: (services) => inBatches((limit) => markOffline(services, { limit })),
});
