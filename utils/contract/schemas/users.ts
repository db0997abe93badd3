import { z } from "zod";
import { bioText, displayNameText, pronounsText } from "../texts.ts";
import { languageCode, languages, moment, pageQuery, userId } from "./primitives.ts";

export const userKinds = ["guest", "member", "bot"] as const;
export const roles = ["guest", "member", "moderator", "admin"] as const;

export const userKind = z.enum(userKinds).meta({
  description: "Whether the user is a guest, a member with an account, or a bot.",
  examples: ["member"],
});

/** The display name of a user in a response. */
export const shownName = z.string().meta({
  description: "The name shown beside messages. `Deleted user` if the account was deleted.",
  examples: ["Ann"],
});

const spoken = z.array(languageCode).meta({ description: "The languages the user speaks.", examples: [["en", "pt-BR"]] });
const learning = z.array(languageCode).meta({ description: "The languages the user is learning.", examples: [["ja"]] });

export const user = z
  .object({
    id: userId,
    username: z
      .string()
      .nullable()
      .meta({
        description: "The unique name for signing in and for mentions, in lower case. Null for guests and deleted accounts.",
        examples: ["ann"],
      }),
    displayName: shownName,
    avatarUrl: z
      .string()
      .nullable()
      .meta({ description: "The URL of the avatar. Null if the user has none.", examples: [null] }),
    kind: userKind,
    role: z.enum(roles).meta({
      description: "The role on this site. Guests have the role `guest`, bots the role `member`.",
      examples: ["member"],
    }),
    languages: spoken,
    createdAt: moment.describe("When the guest, account or bot was created."),
  })
  .describe("A user or bot, as everyone may see it.");
export type UserDto = z.infer<typeof user>;

export const author = user
  .pick({ id: true, displayName: true, avatarUrl: true, kind: true, role: true })
  .describe("The fields of a user that lists of users and message headers need.");
export type AuthorDto = z.infer<typeof author>;

export const audiences = ["everyone", "shares_room", "contacts", "nobody"] as const;

/** The privacy settings of a user. */
export const privacy = z.object({
  whoMayWrite: z.enum(audiences).meta({
    description:
      "Who may write to the user directly: everyone, users who share a room or group (`shares_room`), users with whom both have accepted a direct conversation (`contacts`), or nobody. Except for `nobody`, others can send a request.",
    examples: ["shares_room"],
  }),
  showsReceipts: z.boolean().meta({
    description: "Whether the user shares read and received positions. A user who does not share them does not see those of others.",
    examples: [true],
  }),
  isInvisible: z.boolean().describe("Whether the user always appears offline."),
});
export type PrivacyDto = z.infer<typeof privacy>;

/** A user's profile, as every signed-in user may see it. */
export const profile = user.extend({
  bio: z
    .string()
    .nullable()
    .meta({
      description: "The text about the user. Null if there is none.",
      examples: ["I play chess and learn Japanese."],
    }),
  pronouns: z
    .string()
    .nullable()
    .meta({ description: "The user's pronouns. Null if not specified.", examples: ["she/her"] }),
  learning,
});
export type ProfileDto = z.infer<typeof profile>;

export const userParams = z.strictObject({ userId });
export type UserParams = z.infer<typeof userParams>;

export const findUsersInput = pageQuery.extend({
  query: z
    .string()
    .trim()
    .min(1)
    .max(64)
    .meta({
      description: "The beginning of a username or display name, in any case.",
      examples: ["an"],
    }),
});
export type FindUsersInput = z.infer<typeof findUsersInput>;

const cleared = "An empty string or null removes it.";

/** Omitted fields keep their value. */
export const updateMeInput = z.strictObject({
  displayName: displayNameText.optional(),
  languages: languages.optional().meta({ description: "The languages the user speaks.", examples: [["en", "pt-BR"]] }),
  learning: languages.optional().meta({ description: "The languages the user is learning.", examples: [["ja"]] }),
  bio: bioText
    .nullable()
    .optional()
    .meta({ description: `${bioText.description} ${cleared}` }),
  pronouns: pronounsText
    .nullable()
    .optional()
    .meta({ description: `${pronounsText.description} ${cleared}` }),
  privacy: privacy.partial().strict().optional().describe("The privacy settings to change. Omitted settings keep their value."),
});
export type UpdateMeInput = z.infer<typeof updateMeInput>;

export const setRoleInput = z.strictObject({
  userId,
  role: z.enum(["member", "moderator", "admin"]).meta({ description: "The new role.", examples: ["member"] }),
});
export type SetRoleInput = z.infer<typeof setRoleInput>;
