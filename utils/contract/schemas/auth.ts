import { z } from "zod";
import { optionalNameText } from "../texts.ts";
import { id, languages, moment } from "./primitives.ts";
import { privacy, profile, user } from "./users.ts";

export const csrfToken = z.object({ csrfToken: z.string() });

/** An empty input. The body may be omitted or be `{}`. */
export const emptyInput = z.strictObject({});
export type EmptyInput = z.infer<typeof emptyInput>;

export const createGuestInput = z.strictObject({
  displayName: optionalNameText("Defaults to a generated name."),
  languages: languages.optional().meta({ default: [] }),
  acceptedRulesVersion: z.number().int().min(1).max(1_000_000).optional(),
});
export type CreateGuestInput = z.infer<typeof createGuestInput>;

/** A session. The access token is valid for `expiresInMs`, the refresh cookie until `sessionExpiresAt`. */
export const session = z.object({
  user,
  accessToken: z.string(),
  expiresInMs: z.number().int(),
  sessionExpiresAt: moment,
});
export type SessionDto = z.infer<typeof session>;

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
  "review_messages",
] as const;
export type Permission = (typeof permissions)[number];

/** A ban or a mute. `until` is null if it is permanent. */
export const restriction = z.object({ until: moment.nullable(), rule: z.string() });
export type RestrictionDto = z.infer<typeof restriction>;

/** The caller: the profile, the permissions, and the data that no other user can see. */
export const me = profile.extend({
  sessionId: id,
  sessionExpiresAt: moment,
  permissions: z.array(z.enum(permissions)),
  trust: z.array(
    z.object({
      permission: z.enum(permissions),
      isGranted: z.boolean(),
      reason: z.string().nullable(),
      unlockedBy: z.string().nullable(),
    }),
  ),
  verification: z.object({ email: z.boolean(), phone: z.boolean(), age: z.boolean() }),
  privacy,
  /** Masked, as in `a…@example.org`. */
  email: z.string().nullable(),
  /** Masked, as in `+49…67`. */
  phoneNumber: z.string().nullable(),
  hasTotp: z.boolean(),
  recoveryCodesLeft: z.number().int(),
  stepUpExpiresAt: moment.nullable(),
  ban: restriction.nullable(),
  mute: restriction.nullable(),
});
export type MeDto = z.infer<typeof me>;

/** A device: one session that has not expired. */
export const device = z.object({
  id,
  userAgent: z.string().nullable(),
  createdAt: moment,
  lastUsedAt: moment,
  expiresAt: moment,
  isCurrent: z.boolean(),
});
export type DeviceDto = z.infer<typeof device>;

export const sessionParams = z.strictObject({ sessionId: id });
export type SessionParams = z.infer<typeof sessionParams>;
