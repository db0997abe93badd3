import { deliverEvents, dropEvents, switchEvents } from "../../services/moderation/hook/deliver-events.ts";
import { defineJob, inBatches, inParts } from "../define.ts";

export default defineJob({
  name: "hook-events",
  cron: "* * * * *",
  async run(services) {
    await switchEvents(services);
    return inParts(
      () => deliverEvents(services, { limit: 200 }),
      () => inBatches((limit) => dropEvents(services, { limit })),
    );
  },
});
