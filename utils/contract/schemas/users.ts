import { z } from "zod";
import { bioText, displayNameText, pronounsText } from "../texts.ts";
import { id, languageCode, languages, moment, pageQuery } from "./primitives.ts";

export const userKinds = ["guest", "member", "bot"] as const;
export const roles = ["guest", "member", "moderator", "admin"] as const;

/** A user or bot, as everyone may see it. */
export const user = z.object({
  id,
  username: z.string().nullable(),
  displayName: z.string(),
  avatarUrl: z.string().nullable(),
  kind: z.enum(userKinds),
  role: z.enum(roles),
  languages: z.array(languageCode),
  createdAt: moment,
});
export type UserDto = z.infer<typeof user>;

/** The fields of a user that lists of users and message headers need. */
export const author = user.pick({ id: true, displayName: true, avatarUrl: true, kind: true, role: true });
export type AuthorDto = z.infer<typeof author>;

export const audiences = ["everyone", "shares_room", "contacts", "nobody"] as const;

/** Who may write to the user, whether the user shares read receipts, and whether the user always appears offline. */
export const privacy = z.object({ whoMayWrite: z.enum(audiences), showsReceipts: z.boolean(), isInvisible: z.boolean() });
export type PrivacyDto = z.infer<typeof privacy>;

/** A user's profile, as every signed-in user may see it. */
export const profile = user.extend({
  bio: z.string().nullable(),
  pronouns: z.string().nullable(),
  learning: z.array(languageCode),
});
export type ProfileDto = z.infer<typeof profile>;

export const userParams = z.strictObject({ userId: id });
export type UserParams = z.infer<typeof userParams>;

export const findUsersInput = pageQuery.extend({ query: z.string().trim().min(1).max(64) });
export type FindUsersInput = z.infer<typeof findUsersInput>;

/** Omitted fields keep their value. An empty string or `null` clears a field. */
export const updateMeInput = z.strictObject({
  displayName: displayNameText.optional(),
  languages: languages.optional(),
  learning: languages.optional(),
  bio: bioText.nullable().optional(),
  pronouns: pronounsText.nullable().optional(),
  privacy: privacy.partial().strict().optional(),
});
export type UpdateMeInput = z.infer<typeof updateMeInput>;

export const setRoleInput = z.strictObject({ userId: id, role: z.enum(["member", "moderator", "admin"]) });
export type SetRoleInput = z.infer<typeof setRoleInput>;
