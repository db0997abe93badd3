import { expireSessions, forgetReplacedTokens, forgetSessions } from "../services/auth/sessions/expire-sessions.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "expire-sessions",
  cron: "*/15 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => expireSessions(services, { limit })),
      () => inBatches((limit) => forgetSessions(services, { limit })),
      () => inBatches((limit) => forgetReplacedTokens(services, { limit })),
    ),
});
