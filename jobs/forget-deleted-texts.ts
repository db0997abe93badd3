import { forgetDeletedTexts } from "../services/messages/versions.ts";
import { limits } from "../utils/contract/limits.ts";
import { defineJob, inBatches } from "./define.ts";

export default defineJob({
  name: "forget-deleted-texts",
  cron: "20 * * * *",
  run: (services) => inBatches((limit) => forgetDeletedTexts(services, { before: limits.deletedTextMs, limit })),
});
