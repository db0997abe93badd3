import { computed, effect, signal } from "@preact/signals";
import type { MeDto, Permission, RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import { ask, credentials } from "../../api.ts";
import { loadLounges } from "../lobby/lounges.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser, rename, session } from "./session.ts";

/** Oneself as the server sees it: what one may do, and what nobody else gets to see. Null until asked, and for nobody. */
export const me = signal<MeDto | null>(null);

/** The ban one is under, if any. */
export const ban = computed<RestrictionDto | null>(() => me.value?.ban ?? null);

/** Whether the server grants this. */
export const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

/** Keeps a fresh answer, and the name in it. */
export function keepMe(next: MeDto): void {
  if (next.id !== session.peek()?.user.id) return;
  me.value = next;
  cacheUsers([next]);
  const { id, displayName, avatarUrl, kind, role } = next;
  rename({ id, displayName, avatarUrl, kind, role });
}

/** Asks again. What was known stays when no answer comes. */
export async function loadMe(): Promise<void> {
  const next = await ask("getMe", "/api/auth/me", { bearer: true }).catch(() => null);
  if (next) keepMe(next);
}

/** Who sits here and as what; null for nobody. The same as long as only names or sessions change. */
export const person = computed(() => {
  const user = currentUser.value;
  return user ? `${user.id} ${user.kind} ${user.role}` : null;
});

/** Asks who one is whenever somebody else sits here, or the same person as something else; doors open and close with it. */
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
