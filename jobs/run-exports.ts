import { expireExports } from "../services/users/export/expire.ts";
import { workOffExports } from "../services/users/export/work.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "run-exports",
  cron: "* * * * *",
  run: async (services) => (await workOffExports(services)) + (await inBatches((limit) => expireExports(services, { limit }))),
});
