import { heldMessage } from "../schemas/messages.ts";
import { decided, decideHeldInput, listHeldInput } from "../schemas/moderation.ts";
import { pageOf } from "../schemas/primitives.ts";
import type { Operation } from "./operation.ts";

/** The doors of the staff to what waits for them. */
export const moderationOperations = {
  listHeld: {
    method: "get",
    path: "/api/moderation/held",
    summary: "The messages that wait for review, the oldest first.",
    caller: "bearer",
    budget: "rest",
    input: listHeldInput,
    output: pageOf(heldMessage),
    status: 200,
  },
  decideHeld: {
    method: "post",
    path: "/api/moderation/held/:messageId/decide",
    summary: "Let a held message through, which numbers and announces it, or refuse it. Of two who decide, the second is told `not_found`.",
    caller: "bearer",
    budget: "rest",
    input: decideHeldInput,
    output: decided,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
