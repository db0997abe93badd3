import { updateDueTrust } from "../../services/trust/update-trust.ts";
import { defineJob, inBatches } from "../define.ts";

export default defineJob({
  name: "update-trust",
  cron: "7-59/15 * * * *",
  run: (services) => inBatches((limit) => updateDueTrust(services, { limit })),
});
