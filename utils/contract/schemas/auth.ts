import { z } from "zod";
import { optionalNameText } from "../texts.ts";
import { endMoment, id, languages, loungeId, moment } from "./primitives.ts";
import { privacy, profile, user } from "./users.ts";

export const csrfToken = z.object({
  csrfToken: z
    .string()
    .meta({ description: "The value for the header `X-CSRF-Token`, valid for this browser.", examples: ["mX4f0Zq1-7sK9b…"] }),
});

/** An empty input. The body may be omitted or be `{}`. */
export const emptyInput = z.strictObject({});
export type EmptyInput = z.infer<typeof emptyInput>;

export const createGuestInput = z.strictObject({
  displayName: optionalNameText("Defaults to a generated name."),
  languages: languages.optional().meta({ description: "The languages the user speaks.", default: [], examples: [["en", "pt-BR"]] }),
  acceptedRulesVersion: z
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .meta({
      description: "The version of the house rules that the user accepted.",
      examples: [1],
    }),
  proof: z
    .strictObject({
      token: z
        .string()
        .max(500)
        .meta({ description: "The challenge of the `proof_required` error.", examples: ["eyJhbGciOiJIUzI1NiJ9.…"] }),
      nonce: z
        .string()
        .regex(/^[0-9a-z]{1,32}$/)
        .meta({
          description: "A text for which the SHA-256 hash of `token:nonce` begins with as many zero bits as the challenge requires.",
          examples: ["1f3b9"],
        }),
    })
    .optional()
    .describe("The solution of a challenge, after a `proof_required` error."),
});
export type CreateGuestInput = z.infer<typeof createGuestInput>;

const sessionExpiresAt = endMoment.describe("When the session ends unless it is refreshed.");

export const session = z
  .object({
    user: user.describe("The signed-in user."),
    accessToken: z.string().meta({
      description: "The access token (a JWT) for `Authorization: Bearer` and the Socket.IO handshake.",
      examples: ["eyJhbGciOiJIUzI1NiJ9.…"],
    }),
    expiresInMs: z
      .number()
      .int()
      .meta({ description: "How long the access token is valid, in ms.", examples: [900_000] }),
    sessionExpiresAt,
  })
  .describe("A session. The access token is valid for `expiresInMs`, the refresh cookie until `sessionExpiresAt`.");
export type SessionDto = z.infer<typeof session>;

/** The session of a new guest. */
export const guestSession = session.meta({
  examples: [
    {
      user: {
        id: "01993c5e-1a2b-7f30-8e55-2c4d6e8fa0b1",
        username: null,
        displayName: "Ann",
        avatarUrl: null,
        kind: "guest",
        role: "guest",
        languages: ["en", "pt-BR"],
        createdAt: "2026-11-21T18:04:05.123Z",
      },
      accessToken: "eyJhbGciOiJIUzI1NiJ9.…",
      expiresInMs: 900_000,
      sessionExpiresAt: "2026-11-22T18:04:05.123Z",
    },
  ],
});

/** All permissions. The page shows a control only if its permission is granted. */
export const permissions = [
  "enter_open_rooms",
  "enter_registered_rooms",
  "enter_phone_verified_rooms",
  "enter_age_verified_rooms",
  "send_text",
  "send_links",
  "report",
  "upgrade",
  "edit_profile",
  "manage_account",
  "export_data",
  "delete_account",
  "change_roles",
  "manage_bots",
  "moderate",
] as const;
export type Permission = (typeof permissions)[number];

/** A ban or a mute. */
export const restriction = z.object({
  actionId: id.describe("The id of the action, against which the user can appeal."),
  until: endMoment.nullable().describe("When the restriction ends. Null if it is permanent."),
  rule: z.string().meta({ description: "The rule that was broken.", examples: ["spam"] }),
});
export type RestrictionDto = z.infer<typeof restriction>;

const trust = z.object({
  permission: z.enum(permissions).meta({ description: "The permission.", examples: ["enter_phone_verified_rooms"] }),
  isGranted: z.boolean().describe("Whether the caller has the permission."),
  reason: z
    .string()
    .nullable()
    .meta({
      description: "The error code of a call without the permission. Null if it is granted.",
      examples: ["room_requires_phone"],
    }),
  unlockedBy: z
    .string()
    .nullable()
    .meta({
      description:
        "What would grant the permission: `account`, `phone`, `age`, or `time` if a restriction ends by itself. Null if it is granted, or cannot be obtained.",
      examples: ["phone"],
    }),
});

export const trustLevels = ["guest", "newcomer", "member", "regular"] as const;
export type TrustLevel = (typeof trustLevels)[number];

const trustLevel = z.enum(trustLevels).meta({
  description: "How far the caller is trusted, from measurable behavior: `guest`, `newcomer`, `member` or `regular`.",
  examples: ["member"],
});

const verification = z.object({
  email: z.boolean().meta({ description: "Whether the e-mail address was confirmed.", examples: [true] }),
  phone: z.boolean().describe("Whether the phone number was confirmed."),
  age: z.boolean().describe("Whether the age was verified."),
});

export const me = profile
  .extend({
    sessionId: id.describe("The id of the session that this call belongs to."),
    sessionExpiresAt,
    permissions: z.array(z.enum(permissions)).meta({
      description: "The permissions the caller has.",
      examples: [["enter_open_rooms", "enter_registered_rooms", "send_text", "edit_profile"]],
    }),
    trust: z.array(trust).describe("Every permission: whether it is granted, why not, and what would grant it."),
    verification: verification.describe("Which of the caller's details have been confirmed."),
    privacy: privacy.describe("The caller's privacy settings."),
    email: z
      .string()
      .nullable()
      .meta({
        description: "The e-mail address, masked. Null if there is none.",
        examples: ["a…@example.org"],
      }),
    phoneNumber: z
      .string()
      .nullable()
      .meta({ description: "The phone number, masked. Null if there is none.", examples: ["+49…67"] }),
    hasTotp: z.boolean().describe("Whether signing in requires a code of an authenticator app."),
    recoveryCodesLeft: z
      .number()
      .int()
      .meta({ description: "How many recovery codes have not been used.", examples: [0] }),
    stepUpExpiresAt: endMoment.nullable().meta({
      description: "Until when sensitive operations are allowed without a new step-up. Null if a step-up is required.",
      examples: [null],
    }),
    ban: restriction.nullable().meta({ description: "The caller's ban. Null if there is none.", examples: [null] }),
    mute: restriction.nullable().meta({ description: "The caller's mute on the whole site. Null if there is none.", examples: [null] }),
    trustLevel: trustLevel.describe("The caller's trust level."),
    moderates: z
      .array(loungeId)
      .meta({ description: "The ids of the lounges that the caller moderates, besides the role on the site.", examples: [[]] }),
  })
  .describe("The caller: the profile, the permissions, and the data that no other user can see.");
export type MeDto = z.infer<typeof me>;

export const device = z
  .object({
    id: id.describe("The id of the session."),
    userAgent: z
      .string()
      .nullable()
      .meta({
        description: "The `User-Agent` header with which the session was opened. Null if there was none.",
        examples: ["Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"],
      }),
    createdAt: moment.describe("When the session was opened."),
    lastUsedAt: moment.describe("When the session was last refreshed."),
    expiresAt: endMoment.describe("When the session ends unless it is refreshed."),
    isCurrent: z.boolean().meta({ description: "Whether this call belongs to the session.", examples: [true] }),
  })
  .describe("A device: one session that has not expired.");
export type DeviceDto = z.infer<typeof device>;

export const sessionParams = z.strictObject({ sessionId: id.describe("The id of the session.") });
export type SessionParams = z.infer<typeof sessionParams>;

/** The input of the command `renew_token`. */
export const renewTokenInput = z.strictObject({
  token: z
    .string()
    .min(1)
    .max(4_096)
    .meta({
      description: "A new access token of the same session.",
      examples: ["eyJhbGciOiJIUzI1NiJ9.…"],
    }),
});
