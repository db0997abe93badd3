import { z } from "zod";
import { optionalNameText, usernameText } from "../texts.ts";
import { id, moment, pageQuery } from "./primitives.ts";
import { user } from "./users.ts";

/** What every API token begins with, so that one that lies about is known for what it is. */
export const API_TOKEN_PREFIX = "crb_";

/** An API token as its owners see it, which is never the token itself. `lastUsedAt` may be an hour old. */
export const apiToken = z.object({
  id,
  name: z.string(),
  createdAt: moment,
  lastUsedAt: moment.nullable(),
  /** Null for one that is good until it is revoked. */
  expiresAt: moment.nullable(),
});
export type ApiTokenDto = z.infer<typeof apiToken>;

/** The only answer that ever shows a token. */
export const newApiToken = apiToken.extend({ token: z.string() });
export type NewApiTokenDto = z.infer<typeof newApiToken>;

/** A program with a name: a user of kind `bot`, and the tokens it may show. */
export const bot = user.extend({ tokens: z.array(apiToken) });
export type BotDto = z.infer<typeof bot>;

export const madeBot = z.object({ bot, token: z.string() });
export type MadeBotDto = z.infer<typeof madeBot>;

const tokenName = z.string().trim().min(1).max(100);
const expiresInDays = z.number().int().min(1).max(3_650).meta({ description: "Without it, the token is valid until it is revoked." });

export const listBotsInput = pageQuery;
export type ListBotsInput = z.infer<typeof listBotsInput>;

export const createBotInput = z.strictObject({
  username: usernameText,
  displayName: optionalNameText("Without it, the username."),
  tokenName: tokenName.optional().meta({ description: "Without it, the username." }),
  expiresInDays: expiresInDays.optional(),
});
export type CreateBotInput = z.infer<typeof createBotInput>;

export const botParams = z.strictObject({ botId: id });
export type BotParams = z.infer<typeof botParams>;

export const createBotTokenInput = botParams.extend({ name: tokenName, expiresInDays: expiresInDays.optional() });
export type CreateBotTokenInput = z.infer<typeof createBotTokenInput>;

export const botTokenParams = botParams.extend({ tokenId: id });
export type BotTokenParams = z.infer<typeof botTokenParams>;
