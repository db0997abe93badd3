import type { z } from "zod";
import { AppError } from "./errors.ts";

const pathOf = (issue: z.core.$ZodIssue): string => {
  const keys = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] ?? ""] : issue.path;
  return keys.map(String).join(".");
};

/**
 * Validates untrusted input against a schema.
 * @throws AppError `invalid_input` with `errors: [{ path, message }]`, one per fault
 */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AppError("invalid_input", { errors: result.error.issues.map((issue) => ({ path: pathOf(issue), message: issue.message })) });
}
