import { pageOf } from "../schemas/primitives.ts";
import { foundMessage, searchInput } from "../schemas/search.ts";
import type { Operation } from "./operation.ts";

/** The door of search. */
export const searchOperations = {
  search: {
    method: "get",
    path: "/api/chatroom/search",
    summary:
      "Messages the caller may read, newest first. A page may be short, or empty, while `nextCursor` leads on: the time for one call was used up. A search that could not look at anything answers `unavailable`.",
    caller: "bearer",
    budget: "search",
    input: searchInput,
    output: pageOf(foundMessage),
    status: 200,
  },
} as const satisfies Record<string, Operation>;
