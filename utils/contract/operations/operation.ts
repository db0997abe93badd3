import type { z } from "zod";
import type { BudgetName } from "../limits.ts";

/** Who may knock: `anyone`, `anyone` with the CSRF token, or the bearer of an access token. */
export type Caller = "anyone" | "csrf" | "bearer";

/** One REST door. `path` is Express's form; `budget` names what a knock costs ("messages" depends on the caller's role). */
export type Operation = {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: string;
  summary: string;
  caller: Caller;
  budget: BudgetName | "messages";
  input: z.ZodType;
  output: z.ZodType | null;
  status: 200 | 201 | 202 | 204;
  /** Open to somebody banned too: to see why, to leave, to take their data along. */
  isForBanned?: true;
  /** Closed to bots: it is about having an account. So is every door that asks for the CSRF token. */
  isForPeople?: true;
};
