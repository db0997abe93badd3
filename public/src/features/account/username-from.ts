import { limits } from "../../../../utils/contract/limits.ts";

/** Longer than any name that the server accepts, in UTF-16 units. */
const MAX_UNITS = 400;

/** Suggests a username for a display name; empty if the name contains no suitable characters. */
export function usernameFrom(name: string): string {
  const plain = name.slice(0, MAX_UNITS).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const allowed = plain.replace(/[^a-z0-9._-]+/g, "-").slice(0, limits.usernameCharacters.max);
  const trimmed = allowed.replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, "");
  return /[a-z]/.test(trimmed) && trimmed.length >= limits.usernameCharacters.min ? trimmed : "";
}
