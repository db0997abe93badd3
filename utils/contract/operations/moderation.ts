import { heldMessage } from "../schemas/messages.ts";
import { decided, decideHeldInput, listHeldInput } from "../schemas/moderation.ts";
import { pageOf } from "../schemas/primitives.ts";
import type { Operation } from "./operation.ts";

/** Endpoints with which the staff work through the moderation queue. */
export const moderationOperations = {
  listHeld: {
    method: "get",
    path: "/api/moderation/held",
    summary: "Returns the messages held for review, oldest first.",
    caller: "bearer",
    budget: "rest",
    input: listHeldInput,
    output: pageOf(heldMessage),
    status: 200,
    errors: ["forbidden"],
  },
  decideHeld: {
    method: "post",
    path: "/api/moderation/held/:messageId/decide",
    summary:
      "Approves or rejects a message held for review. An approved message gets a sequence number and is published. If two reviewers decide on the same message, the second one gets `not_found`.",
    caller: "bearer",
    budget: "rest",
    input: decideHeldInput,
    output: decided,
    status: 200,
    errors: ["forbidden", "cannot_message"],
  },
} as const satisfies Record<string, Operation>;
