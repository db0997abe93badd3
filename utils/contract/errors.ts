import { z } from "zod";

/**
 * Every code a refusal may carry. Closed on purpose: a new code does not compile until
 * `middleware/errors.ts` gives it a status and the page gives it words.
 */
export const errorCodes = [
  "invalid_input",
  "unauthenticated",
  "token_expired",
  "session_revoked",
  "csrf_failed",
  "origin_refused",
  "forbidden",
  "not_found",
  "method_not_allowed",
  "body_too_large",
  "unsupported_media_type",
  "rate_limited",
  "guest_limit",
  "name_taken",
  "name_not_allowed",
  "room_requires_account",
  "room_requires_phone",
  "room_requires_age",
  "room_full",
  "idempotency_conflict",
  "text_empty",
  "text_too_long",
  "too_many_rooms",
  "too_many_connections",
  "unknown_command",
  "resync",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** One refusal, RFC 9457, the same object over REST and in a socket's ack. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  detail: z.string(),
  requestId: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterMs: z.number().int().optional(),
});

export type Problem = z.infer<typeof problem>;
