import { purgeRemoved } from "../services/messages/changes/remove-messages.ts";
import { purgeDeletedTexts } from "../services/messages/changes/versions.ts";
import { purgeRejected } from "../services/moderation/purge-rejected.ts";
import { limits } from "../utils/contract/limits.ts";
import { defineJob, inBatches, inParts } from "./define.ts";

export default defineJob({
  name: "purge-deleted-texts",
  cron: "20 * * * *",
  run: (services) =>
    inParts(
      () => inBatches((limit) => purgeDeletedTexts(services, { before: limits.deletedTextMs, limit })),
      () => inBatches((limit) => purgeRemoved(services, { before: limits.deletedTextMs, limit })),
      () => inBatches((limit) => purgeRejected(services, { before: limits.deletedTextMs, limit })),
    ),
});
