import { z } from "zod";
import { passkeyChallenge } from "./schemas/factors.ts";
import { moment } from "./schemas/primitives.ts";

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
  "room_requires_account",
  "room_requires_phone",
  "room_requires_age",
  "room_full",
  "banned",
  "muted",
  "account_required",
  "already_member",
  "invalid_credentials",
  "totp_required",
  "totp_not_set_up",
  "totp_already_set_up",
  "passkey_refused",
  "step_up_required",
  "password_weak",
  "email_not_allowed",
  "email_taken",
  "phone_required",
  "phone_not_allowed",
  "phone_taken",
  "phone_proof_invalid",
  "code_invalid",
  "code_locked",
  "code_expired",
  "code_used",
  "sms_paused",
  "sms_unavailable",
  "token_invalid",
  "under_age",
  "role_not_allowed",
  "export_limit",
  "delete_blocked",
  "idempotency_conflict",
  "text_empty",
  "text_too_long",
  "cannot_message",
  "conversation_with_self",
  "slow_mode",
  "reply_other_room",
  "edit_window_closed",
  "blocked_by_rule",
  "emoji_invalid",
  "reactions_full",
  "too_many_mentions",
  "pins_full",
  "too_many_rooms",
  "too_many_connections",
  "unknown_command",
  "resync",
  "unavailable",
  "internal",
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** How somebody may prove to be themselves. */
export const proofMethods = ["password", "totp", "passkey"] as const;

/**
 * Members of a problem that some codes add to the standard ones. This list is complete: `AppError` accepts no other, so that every member
 * of an answer is in the documents.
 */
const problemData = z.object({
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .describe("`invalid_input`: what is wrong, by the path of the field.")
    .optional(),
  retryAfterMs: z.number().int().describe("How long to wait before the next try, in ms; with every 429 and 503 that passes.").optional(),
  limit: z.number().int().describe("`rate_limited`, `export_limit`: calls allowed in the window.").optional(),
  remaining: z.number().int().describe("`rate_limited`, `export_limit`: calls left in the window.").optional(),
  resetMs: z.number().int().describe("`rate_limited`, `export_limit`: when the window ends, in ms.").optional(),
  max: z.number().int().describe("`text_too_long`, `too_many_mentions`, `reactions_full`, `pins_full`: the limit.").optional(),
  path: z.string().describe("`text_too_long`: the field, where it is not the message's text.").optional(),
  field: z.enum(["username", "displayName"]).describe("`name_taken`: the field.").optional(),
  suggestions: z.array(z.string()).describe("`name_taken`: up to three names that are free.").optional(),
  reason: z
    .string()
    .describe(
      "`password_weak`: `too_short`, `too_long`, `common` or `like_name`. `role_not_allowed`: `oneself`, or the kind of user that has no roles.",
    )
    .optional(),
  until: moment.nullable().describe("`banned`, `muted`: when it ends; null when it has no end.").optional(),
  rule: z.string().describe("`banned`, `muted`: the rule that was broken.").optional(),
  methods: z
    .array(z.enum(proofMethods))
    .describe("`totp_required`, `step_up_required`: what the caller may show, in this order.")
    .optional(),
  passkey: passkeyChallenge
    .describe("`totp_required`, `step_up_required`: the challenge, where one of the methods is `passkey`.")
    .optional(),
  attemptsLeft: z.number().int().describe("`code_invalid`: how often the code may still be tried.").optional(),
  minAge: z.number().int().describe("`under_age`: the age that an account needs, in years.").optional(),
  maxCapacity: z.number().int().describe("`room_full`: how many people the room holds.").optional(),
  most: z.number().int().describe("`passkey_refused`: how many passkeys an account may have, where it has as many.").optional(),
  items: z
    .array(z.object({ kind: z.string(), id: z.string() }))
    .describe("`delete_blocked`: what has to be finished first.")
    .optional(),
  message: z.string().describe("`blocked_by_rule`: what the rule says, in English.").optional(),
});

/** One error, RFC 9457, the same object over REST and in a socket's ack. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  detail: z.string(),
  requestId: z.string(),
  ...problemData.shape,
});

export type Problem = z.infer<typeof problem>;

/** What an error carries beside its code. */
export type ErrorData = z.infer<typeof problemData>;
