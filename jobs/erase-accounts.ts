import { eraseAccounts } from "../services/privacy/erasure/erase-accounts.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "erase-accounts",
  cron: "*/5 * * * *",
  run: (services) => inBatches((limit) => eraseAccounts(services, { limit })),
});
