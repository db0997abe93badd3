import { roomAccessErrors } from "../error-groups.ts";
import { pageOf } from "../schemas/primitives.ts";
import { foundMessage, searchInput } from "../schemas/search.ts";
import type { Operation } from "./operation.ts";

/** The search endpoint. */
export const searchOperations = {
  search: {
    method: "get",
    path: "/api/chatroom/search",
    summary:
      "Returns the matching messages that the caller may read, newest first. When the time limit of a call is reached, a page may be short or empty although `nextCursor` is set. Returns `unavailable` if nothing could be searched.",
    caller: "bearer",
    budget: "search",
    input: searchInput,
    output: pageOf(foundMessage),
    status: 200,
    errors: ["not_found", ...roomAccessErrors],
  },
} as const satisfies Record<string, Operation>;
