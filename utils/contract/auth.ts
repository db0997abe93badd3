import { z } from "zod";
import { id, languages, moment } from "./primitives.ts";
import { user } from "./users.ts";

export const csrfToken = z.object({ csrfToken: z.string() });

/** Nothing at all: a body may be left out or be `{}`. */
export const emptyInput = z.strictObject({});
export type EmptyInput = z.infer<typeof emptyInput>;

export const createGuestInput = z.strictObject({
  displayName: z.string().max(400).optional(),
  languages: languages.optional(),
  acceptedRulesVersion: z.number().int().min(1).max(1_000_000).optional(),
});
export type CreateGuestInput = z.infer<typeof createGuestInput>;

/** Somebody signed in: the access token lives `expiresInMs`, the refresh cookie until `sessionExpiresAt`. */
export const session = z.object({
  user,
  accessToken: z.string(),
  expiresInMs: z.number().int(),
  sessionExpiresAt: moment,
});
export type SessionDto = z.infer<typeof session>;

/** Oneself: the public fields, and what one may do. */
export const me = user.extend({
  sessionId: id,
  sessionExpiresAt: moment,
  permissions: z.array(z.enum(["enter_open_rooms", "send_text", "report"])),
  trust: z.array(
    z.object({ permission: z.string(), isGranted: z.boolean(), reason: z.string().nullable(), unlockedBy: z.string().nullable() }),
  ),
  verification: z.object({ email: z.boolean(), phone: z.boolean(), age: z.boolean() }),
});
export type MeDto = z.infer<typeof me>;

/** A device: one sign-in that is still good. */
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
