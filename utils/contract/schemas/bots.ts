import { z } from "zod";
import { optionalNameText, usernameText } from "../texts.ts";
import { id, moment, pageQuery } from "./primitives.ts";
import { user } from "./users.ts";

/** The prefix of all API tokens, so that leaked tokens can be recognized. */
export const API_TOKEN_PREFIX = "crb_";

/** The metadata of an API token, without the token itself. `lastUsedAt` may be up to an hour old. */
export const apiToken = z.object({
  id,
  name: z.string(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
  /** Null if the token is valid until it is revoked. */
  expiresAt: moment.nullable(),
});
export type ApiTokenDto = z.infer<typeof apiToken>;

/** A new API token. This is the only response that contains the token. */
export const newApiToken = apiToken.extend({ token: z.string() });
export type NewApiTokenDto = z.infer<typeof newApiToken>;

/** A bot: a user of kind `bot`, with the tokens it may use. */
export const bot = user.extend({ tokens: z.array(apiToken) });
export type BotDto = z.infer<typeof bot>;

export const madeBot = z.object({ bot, token: z.string() });
export type MadeBotDto = z.infer<typeof madeBot>;

const tokenName = z.string().trim().min(1).max(100);
const expiresInDays = z.number().int().min(1).max(3_650).meta({ description: "If omitted, the token is valid until it is revoked." });

export const listBotsInput = pageQuery;
export type ListBotsInput = z.infer<typeof listBotsInput>;

export const createBotInput = z.strictObject({
  username: usernameText,
  displayName: optionalNameText("Defaults to the username."),
  tokenName: tokenName.optional().meta({ description: "Defaults to the username." }),
  expiresInDays: expiresInDays.optional(),
});
export type CreateBotInput = z.infer<typeof createBotInput>;

export const botParams = z.strictObject({ botId: id });
export type BotParams = z.infer<typeof botParams>;

export const createBotTokenInput = botParams.extend({ name: tokenName, expiresInDays: expiresInDays.optional() });
export type CreateBotTokenInput = z.infer<typeof createBotTokenInput>;

export const botTokenParams = botParams.extend({ tokenId: id });
export type BotTokenParams = z.infer<typeof botTokenParams>;
