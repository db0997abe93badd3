import { expireSessions, purgeReplacedTokens, purgeSessions } from "../services/auth/sessions/expire-sessions.ts";
import { forgetOrigins } from "../services/auth/sessions/session-origin.ts";
import { purgeGuestBans } from "../services/guests/guest-bans.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "expire-sessions",
  cron: "*/15 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => expireSessions(services, { limit })),
      () => inBatches((limit) => purgeSessions(services, { limit })),
      () => inBatches((limit) => purgeReplacedTokens(services, { limit })),
      () => inBatches((limit) => forgetOrigins(services, { limit })),
      () => inBatches((limit) => purgeGuestBans(services, { limit })),
    ),
});
