import type { Passkey } from "../../../../prisma/generated/client.ts";
import type { PasskeyDto } from "../../../../utils/contract/schemas/factors.ts";

/** A passkey on the wire, as its owner sees it. */
export const presentPasskey = ({ id, name, isSynced, createdAt, lastUsedAt }: Passkey): PasskeyDto => ({
  id,
  name,
  isSynced,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
