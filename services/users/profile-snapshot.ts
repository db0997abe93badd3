import type { Prisma } from "../../prisma/generated/client.ts";
import type { Role } from "../../prisma/generated/enums.ts";
import type { Vault } from "../vault/vault.ts";
import { skeletonOf } from "./names/confusables.ts";

/** A user's visible profile, stored while their deletion is pending. The username stays in the user's row, and stays taken. */
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

/** Encrypts a profile snapshot. */
export function sealProfile(vault: Vault, userId: string, user: ProfileSnapshot): ReturnType<Vault["seal"]> {
  const { displayName, avatarUrl, languages, learning, bio, pronouns, role } = user;
  return vault.seal(sealContextOf(userId), JSON.stringify({ displayName, avatarUrl, languages, learning, bio, pronouns, role }));
}

/** Decrypts a snapshot that `sealProfile` encrypted. */
export const unsealProfile = (vault: Vault, userId: string, sealed: Uint8Array): ProfileSnapshot =>
  JSON.parse(vault.open(sealContextOf(userId), sealed)) as ProfileSnapshot;

/** Returns an empty profile with an anonymous name. */
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
