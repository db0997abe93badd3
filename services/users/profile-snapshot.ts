import type { Prisma } from "../../prisma/generated/client.ts";
import type { Role } from "../../prisma/generated/enums.ts";
import type { Vault } from "../vault/vault.ts";
import { skeletonOf } from "./names/confusables.ts";

/** What others see of somebody, as it is put away while their account waits to be erased. The username stays where it is, and stays taken. */
export type ProfileSnapshot = {
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly languages: string[];
  readonly learning: string[];
  readonly bio: string | null;
  readonly pronouns: string | null;
  readonly role: Role;
};

const sealContextOf = (userId: string) => ({ table: "account_deletions", field: "former_self", id: userId }) as const;

/** Seals what others saw of somebody. */
export function sealProfile(vault: Vault, userId: string, user: ProfileSnapshot): ReturnType<Vault["seal"]> {
  const { displayName, avatarUrl, languages, learning, bio, pronouns, role } = user;
  return vault.seal(sealContextOf(userId), JSON.stringify({ displayName, avatarUrl, languages, learning, bio, pronouns, role }));
}

/** Opens what `sealSelf` sealed. */
export const unsealProfile = (vault: Vault, userId: string, sealed: Uint8Array): ProfileSnapshot =>
  JSON.parse(vault.open(sealContextOf(userId), sealed)) as ProfileSnapshot;

/** A profile that says nothing, under a name that is nobody's. */
export const emptyProfile = (displayName: string) =>
  ({
    displayName,
    nameSkeleton: skeletonOf(displayName),
    avatarUrl: null,
    languages: [],
    learning: [],
    bio: null,
    pronouns: null,
    presenceStatus: "offline",
  }) as const satisfies Prisma.UserUpdateInput;
