import { z } from "zod";
import { passkeyChallenge } from "./schemas/factors.ts";
import { moderationCase } from "./schemas/moderation/cases.ts";
import { EXAMPLE_ID, endMoment } from "./schemas/primitives.ts";

/**
 * All error codes. The list is closed: a new code does not compile until `middleware/errors.ts` assigns it a status and the error messages
 * contain a text for it.
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
  "guests_paused",
  "proof_required",
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
  "report_self",
  "case_changed",
  "appeal_exists",
  "appeal_closed",
  "same_moderator",
  "pattern_invalid",
  "rule_too_broad",
  "rule_changed",
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

/** The ways in which a user can prove their identity. */
export const proofMethods = ["password", "totp", "passkey"] as const;

/**
 * Additional members of a problem, by error code. The list is complete: `AppError` accepts no other members, so that every member of a
 * response is documented.
 */
const problemData = z.object({
  errors: z
    .array(
      z.object({
        path: z.string().describe("The path of the field, with dots: `privacy.whoMayWrite`."),
        message: z.string().describe("What is wrong with the value, in English."),
      }),
    )
    .describe("`invalid_input`: the invalid fields, each with its path and the reason.")
    .optional(),
  retryAfterMs: z
    .number()
    .int()
    .describe("How long to wait before retrying, in ms. Present with every 429 and 503 that is temporary.")
    .optional(),
  limit: z.number().int().describe("`rate_limited`, `export_limit`: calls allowed per window.").optional(),
  remaining: z.number().int().describe("`rate_limited`, `export_limit`: calls left in the window.").optional(),
  resetMs: z.number().int().describe("`rate_limited`, `export_limit`: time until the window ends, in ms.").optional(),
  max: z.number().int().describe("`text_too_long`, `too_many_mentions`, `reactions_full`, `pins_full`: the limit.").optional(),
  path: z.string().describe("`text_too_long`: the field that is too long, if it is not the message text.").optional(),
  field: z.enum(["username", "displayName"]).describe("`name_taken`: the field whose value is taken.").optional(),
  suggestions: z.array(z.string()).describe("`name_taken`: up to three available names.").optional(),
  reason: z
    .string()
    .describe(
      "`password_weak`: `too_short`, `too_long`, `common` or `like_name`. `role_not_allowed`: `oneself`, or the kind of user that cannot have roles. `pattern_invalid`: what is wrong with the pattern, in English.",
    )
    .optional(),
  until: endMoment
    .nullable()
    .describe("`banned`, `muted`, `guests_paused`: when the restriction ends; null if it is permanent.")
    .optional(),
  rule: z.string().describe("`banned`, `muted`: the rule that was broken.").optional(),
  actionId: z.string().describe("`banned`, `muted`: the id of the action, against which the user can appeal.").optional(),
  appealUrl: z.string().describe("`banned`: where the user can see the action and appeal.").optional(),
  challenge: z
    .object({
      token: z.string().describe("The signed challenge, to be returned with the solution."),
      difficulty: z.number().int().describe("How many leading zero bits the hash must have."),
    })
    .describe("`proof_required`: the proof of work that allows one more guest. See `POST /api/auth/guest`.")
    .optional(),
  case: moderationCase.describe("`case_changed`: the current state of the case.").optional(),
  tested: z.number().int().describe("`rule_too_broad`: how many recent messages were tested.").optional(),
  matched: z.number().int().describe("`rule_too_broad`: how many of them the rule would have rejected.").optional(),
  methods: z
    .array(z.enum(proofMethods))
    .describe("`totp_required`, `step_up_required`: the accepted proofs of identity, in order of preference.")
    .optional(),
  passkey: passkeyChallenge.describe("`totp_required`, `step_up_required`: the challenge, if `passkey` is one of the methods.").optional(),
  attemptsLeft: z.number().int().describe("`code_invalid`: remaining attempts for this code.").optional(),
  minAge: z.number().int().describe("`under_age`: the minimum age for an account, in years.").optional(),
  maxCapacity: z.number().int().describe("`room_full`: the maximum number of people in the room.").optional(),
  most: z.number().int().describe("`passkey_refused`: the maximum number of passkeys per account, if it has been reached.").optional(),
  items: z
    .array(
      z.object({
        kind: z.string().describe("The kind of the item."),
        id: z.string().describe("The id of the item."),
      }),
    )
    .describe("`delete_blocked`: the items that must be resolved first.")
    .optional(),
  message: z.string().describe("`blocked_by_rule`: the explanation given by the rule, in English.").optional(),
});

export const problem = z
  .object({
    type: z.string().describe("The URL path of the documentation of this error."),
    title: z.string().describe("The error in a few words, in English."),
    status: z.number().int().describe("The HTTP status, also in socket acks and events."),
    code: z.enum(errorCodes).describe("The error code, which programs should use to distinguish errors."),
    detail: z.string().describe("What is wrong and what to do, in the language of the caller."),
    requestId: z.string().describe("Identifies the request or command in the server's log."),
    ...problemData.shape,
  })
  .meta({
    description: "An error (RFC 9457). REST responses and socket acks use the same object. The optional members depend on `code`.",
    examples: [
      {
        type: "/api/docs#rate_limited",
        title: "Too many requests",
        status: 429,
        code: "rate_limited",
        detail: "Too many requests. Wait a moment and try again.",
        requestId: EXAMPLE_ID,
        retryAfterMs: 12_000,
        limit: 60,
        remaining: 0,
        resetMs: 12_000,
      },
    ],
  });

export type Problem = z.infer<typeof problem>;

/** The additional data of an error, apart from its code. */
export type ErrorData = z.infer<typeof problemData>;
