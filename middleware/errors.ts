import type { ErrorRequestHandler, RequestHandler } from "express";
import type { Logger } from "winston";
import { TimeoutError } from "../utils/async/with-timeout.ts";
import type { ErrorCode, Problem } from "../utils/contract/errors.ts";
import { databaseErrorOf, describeDatabaseError, isPoolExhausted } from "../utils/database-errors.ts";
import { AppError, type ErrorData } from "../utils/errors.ts";
import { detailOf, unavailableDetailOf } from "../utils/text/error-details.ts";
import type { UnavailableReason } from "../utils/text/unavailable-details.ts";
import type { Deps } from "./deps.ts";

const statuses: Record<ErrorCode, { status: number; title: string }> = {
  invalid_input: { status: 400, title: "Invalid input" },
  unauthenticated: { status: 401, title: "Authentication required" },
  token_expired: { status: 401, title: "Token expired" },
  session_revoked: { status: 401, title: "Session ended" },
  csrf_failed: { status: 403, title: "CSRF check failed" },
  origin_refused: { status: 403, title: "Origin not allowed" },
  forbidden: { status: 403, title: "Forbidden" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  body_too_large: { status: 413, title: "Body too large" },
  unsupported_media_type: { status: 415, title: "Unsupported media type" },
  rate_limited: { status: 429, title: "Too many requests" },
  guest_limit: { status: 429, title: "Too many guests" },
  guests_paused: { status: 503, title: "Guests paused" },
  proof_required: { status: 403, title: "Proof of work required" },
  name_taken: { status: 409, title: "Name taken" },
  room_requires_account: { status: 403, title: "Account required" },
  room_requires_phone: { status: 403, title: "Verified phone required" },
  room_requires_age: { status: 403, title: "Age check required" },
  room_full: { status: 403, title: "Room full" },
  banned: { status: 403, title: "Banned" },
  muted: { status: 403, title: "Muted" },
  account_required: { status: 403, title: "Account required" },
  already_member: { status: 409, title: "Already a member" },
  invalid_credentials: { status: 401, title: "Invalid credentials" },
  totp_required: { status: 401, title: "Second factor required" },
  totp_not_set_up: { status: 409, title: "Two-factor sign-in is off" },
  totp_already_set_up: { status: 409, title: "Two-factor sign-in is on" },
  passkey_refused: { status: 401, title: "Passkey rejected" },
  step_up_required: { status: 403, title: "Reauthentication required" },
  password_weak: { status: 422, title: "Weak password" },
  email_not_allowed: { status: 422, title: "E-mail address not allowed" },
  email_taken: { status: 409, title: "E-mail address taken" },
  phone_required: { status: 422, title: "Phone number required" },
  phone_not_allowed: { status: 422, title: "Phone number not allowed" },
  phone_taken: { status: 409, title: "Phone number taken" },
  phone_proof_invalid: { status: 422, title: "Invalid phone proof" },
  code_invalid: { status: 422, title: "Invalid code" },
  code_locked: { status: 429, title: "Code locked" },
  code_expired: { status: 410, title: "Code expired" },
  code_used: { status: 409, title: "Code used" },
  sms_paused: { status: 503, title: "Text messages paused" },
  sms_unavailable: { status: 503, title: "Text messages unavailable" },
  token_invalid: { status: 422, title: "Invalid token" },
  under_age: { status: 403, title: "Minimum age not met" },
  role_not_allowed: { status: 409, title: "Role not allowed" },
  export_limit: { status: 429, title: "Too many exports" },
  delete_blocked: { status: 409, title: "Deletion blocked" },
  idempotency_conflict: { status: 409, title: "Idempotency key reused with different content" },
  text_empty: { status: 422, title: "Empty text" },
  text_too_long: { status: 422, title: "Text too long" },
  cannot_message: { status: 403, title: "Cannot message this user" },
  conversation_with_self: { status: 422, title: "Conversation with yourself" },
  slow_mode: { status: 429, title: "Slow mode active" },
  reply_other_room: { status: 422, title: "Reply to a message in another room" },
  edit_window_closed: { status: 403, title: "Edit window closed" },
  blocked_by_rule: { status: 422, title: "Blocked by a rule" },
  report_self: { status: 422, title: "Report about yourself" },
  case_changed: { status: 409, title: "Case changed" },
  appeal_exists: { status: 409, title: "Appeal exists" },
  appeal_closed: { status: 410, title: "Appeal period over" },
  same_moderator: { status: 409, title: "Same moderator" },
  pattern_invalid: { status: 422, title: "Invalid pattern" },
  rule_too_broad: { status: 422, title: "Rule matches too much" },
  rule_changed: { status: 409, title: "Rule changed" },
  emoji_invalid: { status: 422, title: "Invalid emoji" },
  reactions_full: { status: 422, title: "Too many different reactions" },
  too_many_mentions: { status: 422, title: "Too many mentions" },
  pins_full: { status: 409, title: "Too many pins" },
  too_many_rooms: { status: 429, title: "Too many rooms" },
  too_many_connections: { status: 429, title: "Too many connections" },
  unknown_command: { status: 404, title: "Unknown command" },
  resync: { status: 429, title: "Client too slow" },
  unavailable: { status: 503, title: "Unavailable" },
  internal: { status: 500, title: "Internal error" },
};

/** The request data that a problem object contains or depends on: the id of the call and the caller's languages. */
export type Caller = {
  readonly requestId: string;
  readonly acceptLanguage?: string | undefined;
  /** The reason for an `unavailable` error. */
  readonly reason?: UnavailableReason | undefined;
};

/** Builds the problem object of an error (RFC 9457). */
export function problemOf(code: ErrorCode, data: ErrorData, caller: Caller): Problem {
  const { status, title } = statuses[code];
  return {
    type: `/api/docs#${code}`,
    title,
    status,
    code,
    detail:
      code === "unavailable" && caller.reason !== undefined
        ? unavailableDetailOf(caller.reason, caller.acceptLanguage)
        : detailOf(code, caller.acceptLanguage),
    requestId: caller.requestId,
    ...data,
  };
}

type ErrorDescription = { code: ErrorCode; data: ErrorData };

/**
 * Maps a thrown error to a code: our own errors, those of Express and body-parser, and those of a busy or unreachable database. Null means
 * a bug.
 */
export function toErrorCode(error: unknown): ErrorDescription | null {
  if (error instanceof AppError) return { code: error.code, data: error.data };
  if (!(error instanceof Error)) return null;
  const { type, status } = error as { type?: string; status?: number };
  if (type === "entity.too.large") return { code: "body_too_large", data: {} };
  if (type === "encoding.unsupported" || type === "charset.unsupported") return { code: "unsupported_media_type", data: {} };
  if (status !== undefined && status >= 400 && status < 500)
    return { code: "invalid_input", data: { errors: [{ path: "", message: "must be a well-formed request" }] } };
  if (databaseErrorOf(error) !== null) return { code: "unavailable", data: { retryAfterMs: 1_000 } };
  return null;
}

/** Describes why a call failed as `unavailable`, for the log. */
function describeUnavailable(error: unknown, isStopping: boolean): string {
  const fault = databaseErrorOf(error);
  if (fault !== null) return describeDatabaseError(fault);
  if (isStopping) return "the server is shutting down";
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : "the server is overloaded: a queue is full";
}

/** Returns the reason for an `unavailable` error. One without a cause comes from a full queue. */
function reasonOf(error: unknown, isStopping: boolean): UnavailableReason | undefined {
  if (isStopping) return "stopping";
  const isQueueFull = error instanceof AppError && error.cause === undefined;
  return isQueueFull || isPoolExhausted(error) ? "busy" : undefined;
}

/**
 * Logs a call that was answered with `unavailable`. While the database is unreachable, `services/readiness.ts` logs that once for all
 * calls, so they only appear at the debug level, as do calls that a stopping server rejects.
 */
function logUnavailable(error: unknown, { requestId }: Caller, { logger, isStopping }: Reporter): void {
  const isExpected = isStopping || databaseErrorOf(error)?.kind === "unreachable";
  const reason = describeUnavailable(error, isStopping);
  // The reason of a timeout contains the path of the call, and there are too many paths.
  const limitBy = error instanceof AppError && error.cause instanceof TimeoutError ? error.cause.name : reason;
  logger.log(isExpected ? "debug" : "warn", "request rejected as unavailable", { requestId, reason, limitBy, error });
}

/** The node that answers: its logger, and whether it is stopping. */
type Reporter = { readonly logger: Logger; readonly isStopping: boolean };

/** Returns the node's current state for error reports. */
export const reporterOf = ({ services, stopping }: Pick<Deps, "services" | "stopping">): Reporter => ({
  logger: services.logger,
  isStopping: stopping.aborted,
});

/**
 * Converts any thrown error to a problem object. A bug is logged once, with the id that the response contains; the response reveals
 * nothing about it.
 */
export function toProblem(error: unknown, caller: Caller, reporter: Reporter): Problem {
  const described = toErrorCode(error);
  if (described === null) {
    reporter.logger.error("request failed", { requestId: caller.requestId, error });
    return problemOf("internal", {}, caller);
  }
  if (described.code !== "unavailable") return problemOf(described.code, described.data, caller);
  logUnavailable(error, caller, reporter);
  return problemOf(described.code, described.data, { ...caller, reason: reasonOf(error, reporter.isStopping) });
}

const seconds = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)));

/** The last middleware: sends every error as `application/problem+json`. */
export function errors(deps: Pick<Deps, "services" | "stopping">): ErrorRequestHandler {
  return (error, req, res, next) => {
    if (res.headersSent) return next(error);
    const caller = { requestId: req.requestId, acceptLanguage: req.get("accept-language") };
    const problem = toProblem(error, caller, reporterOf(deps));
    if (problem.status === 429 || problem.status === 503) res.set("Retry-After", seconds(problem.retryAfterMs ?? 1_000));
    if (problem.status === 401) res.set("WWW-Authenticate", "Bearer");
    res.status(problem.status).set("Cache-Control", "no-store").type("application/problem+json").send(JSON.stringify(problem));
  };
}

/** Answers unknown paths with the same `not_found` error as hidden resources. */
export const notFound: RequestHandler = () => {
  throw new AppError("not_found");
};
