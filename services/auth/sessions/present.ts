import { limits } from "../../../utils/contract/limits.ts";
import type { DeviceDto, SessionDto } from "../../../utils/contract/schemas/auth.ts";
import type { Services } from "../../context.ts";
import { presentUser } from "../../users/present.ts";
import { issueAccessToken } from "../tokens/access-token.ts";

type Person = Parameters<typeof presentUser>[0];

/** The result of a use case that signs a user in. The refresh token is sent as a cookie, never in a body. */
export type SignedIn = {
  readonly session: SessionDto;
  readonly refreshToken: string;
  /** The trusted-device cookie. */
  readonly knownDevice?: string;
};

/** Returns the DTO of a session, with a new access token. */
export function presentSession(
  { keys, now }: Pick<Services, "keys" | "now">,
  user: Person,
  session: { id: string; expiresAt: Date },
): SessionDto {
  return {
    user: presentUser(user),
    accessToken: issueAccessToken(keys, { sub: user.id, sid: session.id, kind: user.kind }, now()),
    expiresInMs: limits.accessTokenMs,
    sessionExpiresAt: session.expiresAt.toISOString(),
  };
}

type DeviceRow = { id: string; userAgent: string | null; createdAt: Date; lastUsedAt: Date; expiresAt: Date };

/** Returns the DTO of a session for its owner's list of devices. */
export const presentDevice = ({ id, userAgent, createdAt, lastUsedAt, expiresAt }: DeviceRow, currentId: string): DeviceDto => ({
  id,
  userAgent,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  isCurrent: id === currentId,
});
