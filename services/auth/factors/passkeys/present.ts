import type { Passkey } from "../../../../prisma/generated/client.ts";
import type { PasskeyDto } from "../../../../utils/contract/schemas/factors.ts";

/** Returns the DTO of a passkey for its owner. */
export const presentPasskey = ({ id, name, isSynced, createdAt, lastUsedAt }: Passkey): PasskeyDto => ({
  id,
  name,
  isSynced,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
