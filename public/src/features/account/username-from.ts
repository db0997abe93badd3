import { limits } from "../../../../utils/contract/limits.ts";

/** No name that the server accepts is longer. */
const MAX_UNITS = 400;

/** A username that somebody might take who is called so; empty where their name has no letters for one. */
export function usernameFrom(name: string): string {
  const plain = name.slice(0, MAX_UNITS).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const allowed = plain.replace(/[^a-z0-9._-]+/g, "-").slice(0, limits.usernameCharacters.max);
  const trimmed = allowed.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  return /[a-z]/.test(trimmed) && trimmed.length >= limits.usernameCharacters.min ? trimmed : "";
}
