import { mayModerate } from "../../../../utils/contract/ranks.ts";
import type { ScopeDto, ScopeKind } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import type { ModerationSection } from "../../shared/state/route.ts";
import { lounges } from "../lobby/lounges.ts";
import { may, me } from "../session/me.ts";
import { currentUser } from "../session/session.ts";

/** Whether the current user moderates the whole site, and not only some lounges. */
export const isSiteStaff = (): boolean => currentUser.value?.role === "moderator" || currentUser.value?.role === "admin";

const isAdmin = (): boolean => currentUser.value?.role === "admin";

/** Whether the current user moderates a lounge. */
export const moderatesLounge = (loungeId: string | null): boolean =>
  isSiteStaff() || (loungeId !== null && (me.value?.moderates.includes(loungeId) ?? false));

/** Whether the current user may act on a user there. The server decides; this hides what it would reject. */
export function mayActOn(subject: Pick<AuthorDto, "id" | "role">, loungeId: string | null): boolean {
  const user = currentUser.value;
  if (!user || !may("moderate") || !moderatesLounge(loungeId)) return false;
  return mayModerate({ id: user.id, role: isSiteStaff() ? user.role : "moderator" }, subject);
}

/** Returns the lounge that a scope belongs to; null for the site, and for a conversation. */
export function loungeOf({ kind, id }: ScopeDto): string | null {
  if (kind !== "room") return id;
  return lounges.value?.find(({ rooms }) => rooms.some((room) => room.id === id))?.id ?? null;
}

/** Whether the current user moderates all of a scope. */
export const mayActOnScope = (scope: ScopeDto): boolean => (scope.kind === "site" ? isSiteStaff() : moderatesLounge(loungeOf(scope)));

/** Where something happened: both are null outside of language rooms. */
export type Place = { readonly roomId: string | null; readonly loungeId: string | null };

/** Returns the scopes that the current user may choose for what happened somewhere, the smallest first. */
export function scopesAt({ roomId, loungeId }: Place): ScopeKind[] {
  if (loungeId === null) return isSiteStaff() ? ["site"] : [];
  return [...(roomId ? (["room"] as const) : []), "lounge", ...(isSiteStaff() ? (["site"] as const) : [])];
}

/** Returns the sections of the console that the current user may open; everyone may read the public log. */
export function openSections(): ModerationSection[] {
  if (!may("moderate")) return ["log"];
  return ["cases", "appeals", "rules", "raid", "figures", "log", ...(isAdmin() ? (["audit"] as const) : [])];
}
