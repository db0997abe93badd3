import { computed, effect, signal } from "@preact/signals";
import type { MeDto, Permission, RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { ask, credentials } from "../../api.ts";
import { loadLounges } from "../lobby/lounges.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser, rename, session } from "./session.ts";

/** The current user as the server returns it, including permissions and private data. Null until loaded, and for visitors. */
export const me = signal<MeDto | null>(null);

/** The current user's ban, if any. */
export const ban = computed<RestrictionDto | null>(() => me.value?.ban ?? null);

/** Whether the server grants a permission. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

/** Stores a new response, and the name in it. */
export function keepMe(next: MeDto): void {
  if (next.id !== session.peek()?.user.id) return;
  me.value = next;
  cacheUsers([next]);
  const { id, displayName, avatarUrl, kind, role } = next;
  rename({ id, displayName, avatarUrl, kind, role });
}

/** Reloads the current user. On failure, the known data stays. */
export async function loadMe(): Promise<void> {
  const next = await ask("getMe", "/api/auth/me", { bearer: true }).catch(() => null);
  if (next) keepMe(next);
}

/** The current user's ID, kind and role; null for visitors. It does not change with names or sessions. */
export const person = computed(() => {
  const user = currentUser.value;
  return user ? `${user.id} ${user.kind} ${user.role}` : null;
});

/** Reloads the current user whenever the user, their kind or their role changes, since permissions change with them. */
export function watchMe(): void {
  let known: string | null = null;
  credentials.banned = () => {
    if (ban.peek() === null) void loadMe();
  };
  effect(() => {
    const next = person.value;
    if (next === known) return;
    if (next === null || next.split(" ")[0] !== known?.split(" ")[0]) me.value = null;
    const isFirst = known === null && next === null;
    known = next;
    if (next !== null) void loadMe();
    if (!isFirst) void loadLounges();
  });
}
