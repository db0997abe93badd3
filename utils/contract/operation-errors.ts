import { tokenErrors } from "./error-groups.ts";
import type { ErrorCode } from "./errors.ts";
import { type CommandDefinition, type CommandName, commands } from "./events.ts";
import type { Operation } from "./operations/index.ts";

/** Errors that every endpoint and command may return. */
const commonErrors: readonly ErrorCode[] = ["invalid_input", "rate_limited", "unavailable", "internal"];

/** Errors by the required credentials. A Bearer token must be valid if it is sent, even to endpoints that do not require one. */
const callerErrors = {
  anyone: tokenErrors,
  csrf: [...tokenErrors, "csrf_failed", "origin_refused"],
  bearer: tokenErrors,
} as const satisfies Record<Operation["caller"], readonly ErrorCode[]>;

const unique = (codes: readonly ErrorCode[]): ErrorCode[] => [...new Set(codes)];

/** Returns every error code that an operation may return. */
export function errorsOfOperation({ method, path, caller, isForBanned, isForPeople, errors = [] }: Operation): ErrorCode[] {
  const body: readonly ErrorCode[] = method === "get" ? [] : ["body_too_large", "unsupported_media_type"];
  const missing: readonly ErrorCode[] = path.includes(":") ? ["not_found"] : [];
  const people: readonly ErrorCode[] = caller === "csrf" || isForPeople === true ? ["forbidden"] : [];
  const banned: readonly ErrorCode[] = caller === "bearer" && isForBanned !== true ? ["banned"] : [];
  return unique([...commonErrors, ...callerErrors[caller], ...banned, ...people, ...missing, ...body, ...errors]);
}

/** Returns every error code that the ack of a command may carry. */
export function errorsOfCommand(name: CommandName): ErrorCode[] {
  const { errors = [] }: CommandDefinition = commands[name];
  return unique([...commonErrors, ...tokenErrors, "banned", ...errors]);
}
