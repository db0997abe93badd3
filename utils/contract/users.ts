import { z } from "zod";
import { id, languageCode, moment } from "./primitives.ts";

export const userKinds = ["guest", "member", "bot"] as const;
export const roles = ["guest", "member", "moderator", "admin"] as const;

/** A person or program, as anyone may see them. */
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

/** What a list of people or a message's head needs of somebody. */
export const author = user.pick({ id: true, displayName: true, avatarUrl: true, kind: true, role: true });
export type AuthorDto = z.infer<typeof author>;
