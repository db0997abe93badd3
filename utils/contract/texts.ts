import { z } from "zod";
import { limits } from "./limits.ts";

/**
 * Texts whose actual limits a JSON Schema cannot express: it counts code points, the rules count graphemes. The documented bounds hold for
 * every accepted text; `x-minGraphemes` and `x-maxGraphemes` state the actual rule. Services enforce it with specific error codes.
 */
type Graphemes = { readonly min: number; readonly max: number };

const graphemes = ({ min, max }: Graphemes) => ({ minLength: min, "x-minGraphemes": min, "x-maxGraphemes": max });

/** A name of at most 32 graphemes holds at most this many code points. */
export const NAME_CODE_POINTS = 200;

const { nameGraphemes: name, usernameCharacters: username, passwordCharacters: password } = limits;

const nameRule = `The display name: ${name.min} to ${name.max} graphemes, including a letter, a digit or an emoji, without control, invisible or direction characters. Leading and trailing spaces are removed.`;

/** The display name of a user. */
export const displayNameText = z
  .string()
  .max(400)
  .meta({
    ...graphemes(name),
    maxLength: NAME_CODE_POINTS,
    description: nameRule,
    examples: ["Ann"],
  });

/** Returns the schema of an optional display name. `instead` describes what the server uses if it is omitted. */
export const optionalNameText = (instead: string) => displayNameText.optional().meta({ description: `${nameRule} ${instead}` });

/** The username of an account or a bot. */
export const usernameText = z
  .string()
  .max(400)
  .meta({
    minLength: username.min,
    maxLength: username.max,
    pattern: "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$",
    description: `The unique username: ${username.min} to ${username.max} letters a to z, digits, dots, underscores and hyphens. Must start and end with a letter or digit. Stored in lower case, without leading and trailing spaces.`,
    examples: ["ann"],
  });

/** A new password. A character takes one or two UTF-16 units. */
export const newPasswordText = z
  .string()
  .max(2 * password.max)
  .meta({
    minLength: password.min,
    maxLength: password.max,
    description: `The new password: ${password.min} to ${password.max} characters of any kind, compared after NFKC normalization. Common passwords, repeated or consecutive characters, and variations of the username are rejected (\`password_weak\`).`,
    examples: ["violet-otter-plays-chess"],
  });

/**
 * The text of a message. This schema rejects what a database cannot store; the services reject empty (`text_empty`) and too long
 * (`text_too_long`) texts.
 */
export const messageText = z
  .string()
  .refine((text) => !text.includes("\0") && text.isWellFormed(), "must be well-formed Unicode without NUL")
  .meta({
    ...graphemes({ min: 1, max: limits.textGraphemes }),
    maxLength: limits.textUnits,
    description: `The text in Markdown: 1 to ${limits.textGraphemes} graphemes, and at most ${limits.textUnits} UTF-16 units. Must contain a visible character. \`@username\` and \`<@userId>\` mention a user.`,
    examples: ["Hello @ben, are you coming tonight?"],
  });

/** The biography in a profile. */
export const bioText = z
  .string()
  .max(2_000)
  .meta({
    "x-maxGraphemes": limits.bioGraphemes,
    description: `The text about the user in the profile: up to ${limits.bioGraphemes} graphemes.`,
    examples: ["I play chess and learn Japanese."],
  });

/** A user's pronouns. */
export const pronounsText = z
  .string()
  .max(100)
  .meta({
    "x-maxGraphemes": limits.pronounsGraphemes,
    description: `The pronouns in the profile: up to ${limits.pronounsGraphemes} graphemes on one line.`,
    examples: ["she/her"],
  });

/** The name of a group. */
export const groupNameText = z
  .string()
  .max(1_000)
  .meta({
    "x-maxGraphemes": limits.groupNameGraphemes,
    description: `The name of the group: up to ${limits.groupNameGraphemes} graphemes on one line. A group without a name is shown with the names of its members.`,
    examples: ["Chess on Sundays"],
  });
