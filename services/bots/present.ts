import type { ApiTokenDto, BotDto } from "../../utils/contract/schemas/bots.ts";
import { presentUser } from "../users/present.ts";

/** The expiry date of a token that does not expire. */
export const NEVER = new Date("9999-12-31T00:00:00.000Z");

type TokenRow = { id: string; name: string; session: { createdAt: Date; lastUsedAt: Date; expiresAt: Date } };

/** Returns the DTO of a token for admins. A new session's last use equals its creation, which is presented as unused. */
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
