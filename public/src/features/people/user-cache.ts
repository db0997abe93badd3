import { signal } from "@preact/signals";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { ask } from "../../api.ts";
import { onOwnerChange } from "../../storage.ts";

type Face = Pick<AuthorDto, "id" | "displayName"> & { username?: string | null };

const users = new Map<string, Face>();
const changes = signal(0);
const LOOKUPS_A_MINUTE = 20;
const wanted = new Set<string>();
let lookups: number[] = [];

onOwnerChange(() => {
  users.clear();
  wanted.clear();
  changes.value += 1;
});

/** Caches every user seen in this tab, so that texts that mention them by ID can be rendered. */
export function cacheUsers(people: Iterable<Face>): void {
  let isNews = false;
  for (const one of people) {
    const known = users.get(one.id);
    const username = one.username ?? known?.username;
    if (known && known.displayName === one.displayName && known.username === username) continue;
    users.set(one.id, { id: one.id, displayName: one.displayName, ...(username !== undefined && { username }) });
    isNews = true;
  }
  if (isNews) changes.value += 1;
}

async function lookUp(id: string): Promise<void> {
  lookups = lookups.filter((at) => at > Date.now() - 60_000);
  if (wanted.has(id) || lookups.length >= LOOKUPS_A_MINUTE) return;
  wanted.add(id);
  lookups.push(Date.now());
  const found = await ask("getUser", `/api/users/${id}`, { bearer: true }).catch(() => null);
  if (found) cacheUsers([found]);
}

/** Returns a user by ID; views that read it are rendered again when the name becomes known. */
export function cachedUser(id: string): Face | null {
  void changes.value;
  const known = users.get(id);
  if (!known) void lookUp(id);
  return known ?? null;
}

/** Returns which of some users has a username. Users with unknown usernames are looked up. */
export function cachedUserNamed(username: string, among: readonly string[]): Face | null {
  void changes.value;
  for (const id of among) {
    const known = users.get(id);
    if (known?.username?.toLowerCase() === username) return known;
    if (known?.username === undefined) void lookUp(id);
  }
  return null;
}

/** Returns a cached user by username, without a lookup. */
export function cachedUserWithUsername(username: string): Face | null {
  void changes.value;
  for (const user of users.values()) if (user.username?.toLowerCase() === username) return user;
  return null;
}

/** Returns the names of some users, where cached. */
export const namesOf = (ids: readonly string[]): string[] => {
  void changes.value;
  return ids.flatMap((id) => users.get(id)?.displayName ?? []);
};
