import { limits } from "../../../utils/contract/limits.ts";
import type { DeviceDto, SessionDto } from "../../../utils/contract/schemas/auth.ts";
import type { Services } from "../../context.ts";
import { presentUser } from "../../users/present.ts";
import { issueAccessToken } from "../tokens/access-token.ts";

type Person = Parameters<typeof presentUser>[0];

/** What a use case that signs somebody in answers; the refresh token goes into a cookie and never into a body. */
export type SignedIn = {
  readonly session: SessionDto;
  readonly refreshToken: string;
  /** The cookie by which the account knows this device again. */
  readonly knownDevice?: string;
};

/** A session on the wire, with a fresh access token. */
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

/** A session as its owner sees it in the list of devices. */
export const presentDevice = ({ id, userAgent, createdAt, lastUsedAt, expiresAt }: DeviceRow, currentId: string): DeviceDto => ({
  id,
  userAgent,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  isCurrent: id === currentId,
});
