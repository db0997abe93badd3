import { z } from "zod";
import { optionalNameText, usernameText } from "../texts.ts";
import { endMoment, id, moment, pageQuery } from "./primitives.ts";
import { user } from "./users.ts";

/** The prefix of all API tokens, so that leaked tokens can be recognized. */
export const API_TOKEN_PREFIX = "crb_";

const EXAMPLE_TOKEN = `${API_TOKEN_PREFIX}V5d1x9Qm…`;

const shownTokenName = z.string().meta({ description: "The name that an admin gave the token.", examples: ["news importer"] });

export const apiToken = z
  .object({
    id: id.describe("The id of the token, for revoking it."),
    name: shownTokenName,
    createdAt: moment.describe("When the token was created."),
    lastUsedAt: moment.nullable().describe("When the token was last used, up to an hour old. Null if it has never been used."),
    expiresAt: endMoment.nullable().describe("When the token expires. Null if it is valid until it is revoked."),
  })
  .describe("The metadata of an API token, without the token itself.");
export type ApiTokenDto = z.infer<typeof apiToken>;

/** A new API token. This is the only response that contains the token. */
export const newApiToken = apiToken.extend({
  token: z.string().meta({ description: "The API token. It is shown only in this response.", examples: [EXAMPLE_TOKEN] }),
});
export type NewApiTokenDto = z.infer<typeof newApiToken>;

export const bot = user
  .extend({
    username: user.shape.username.meta({ examples: ["news"] }),
    displayName: user.shape.displayName.meta({ examples: ["News"] }),
    kind: user.shape.kind.meta({ examples: ["bot"] }),
    tokens: z.array(apiToken).describe("The valid API tokens of the bot."),
  })
  .describe("A bot: a user of kind `bot`, with its API tokens.");
export type BotDto = z.infer<typeof bot>;

export const madeBot = z.object({
  bot: bot.describe("The new bot."),
  token: z.string().meta({
    description: "The first API token of the bot. It is shown only in this response.",
    examples: [EXAMPLE_TOKEN],
  }),
});
export type MadeBotDto = z.infer<typeof madeBot>;

const tokenName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .meta({
    description: "A name for the token, shown to admins.",
    examples: ["news importer"],
  });
const expiresInDays = z
  .number()
  .int()
  .min(1)
  .max(3_650)
  .meta({
    description: "How long the token is valid, in days. If omitted, it is valid until it is revoked.",
    examples: [90],
  });

export const listBotsInput = pageQuery;
export type ListBotsInput = z.infer<typeof listBotsInput>;

export const createBotInput = z.strictObject({
  username: usernameText.meta({ examples: ["news"] }),
  displayName: optionalNameText("Defaults to the username.").meta({ examples: ["News"] }),
  tokenName: tokenName.optional().describe("A name for the first token, shown to admins. Defaults to the username."),
  expiresInDays: expiresInDays.optional(),
});
export type CreateBotInput = z.infer<typeof createBotInput>;

export const botParams = z.strictObject({ botId: id.describe("The id of the bot, which is its user id.") });
export type BotParams = z.infer<typeof botParams>;

export const createBotTokenInput = botParams.extend({ name: tokenName, expiresInDays: expiresInDays.optional() });
export type CreateBotTokenInput = z.infer<typeof createBotTokenInput>;

export const botTokenParams = botParams.extend({ tokenId: id.describe("The id of the API token.") });
export type BotTokenParams = z.infer<typeof botTokenParams>;
