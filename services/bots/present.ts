import type { ApiTokenDto, BotDto } from "../../utils/contract/schemas/bots.ts";
import { presentUser } from "../users/present.ts";

/** The end of a token that has none. */
export const NEVER = new Date("9999-12-31T00:00:00.000Z");

type TokenRow = { id: string; name: string; session: { createdAt: Date; lastUsedAt: Date; expiresAt: Date } };

/** A token as admins see it. Its session was last used when it was made, until it is used. */
export const presentToken = ({ id, name, session: { createdAt, lastUsedAt, expiresAt } }: TokenRow): ApiTokenDto => ({
  id,
  name,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt > createdAt ? lastUsedAt.toISOString() : null,
  expiresAt: expiresAt < NEVER ? expiresAt.toISOString() : null,
});

export const presentBot = (user: Parameters<typeof presentUser>[0], tokens: readonly TokenRow[]): BotDto => ({
  ...presentUser(user),
  tokens: tokens.map(presentToken),
});
