import { completeContent } from "../../services/moderation/actions/process-content.ts";
import { defineJob, inBatches } from "../define.ts";

export default defineJob({
  name: "moderation-content",
  cron: "* * * * *",
  run: (services) => inBatches((limit) => completeContent(services, { limit }), 20),
});
