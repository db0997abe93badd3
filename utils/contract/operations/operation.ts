import type { z } from "zod";
import type { ErrorCode } from "../errors.ts";
import type { BudgetName } from "../limits.ts";

/** The credentials an endpoint requires: none (`anyone`), the CSRF token (`csrf`), or an access token (`bearer`). */
export type Caller = "anyone" | "csrf" | "bearer";

/**
 * A REST endpoint. `path` uses Express's syntax. `budget` names the rate limit that a call counts against; `messages` depends on the
 * caller's role.
 */
export type Operation = {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: string;
  summary: string;
  caller: Caller;
  budget: BudgetName | "messages";
  input: z.ZodType;
  output: z.ZodType | null;
  status: 200 | 201 | 202 | 204;
  /** The status if the same call was made before and the answer is its result; absent if a repeated call is a new one. */
  repeatStatus?: 200;
  /** Errors besides those that follow from the method, the path and the caller (`errorsOfOperation` returns all of them). */
  errors?: readonly ErrorCode[];
  /** Whether banned users may call the endpoint: to see why they are banned, to leave, or to export their data. */
  isForBanned?: true;
  /** Whether bots are rejected, because the endpoint manages an account. Endpoints that require the CSRF token always reject them. */
  isForPeople?: true;
};
