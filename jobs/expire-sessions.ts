import { expireSessions, forgetSessions } from "../services/auth/expire-sessions.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "expire-sessions",
  cron: "*/15 * * * *",
  run: async (services) =>
    (await inBatches((limit) => expireSessions(services, { limit }))) + (await inBatches((limit) => forgetSessions(services, { limit }))),
});
