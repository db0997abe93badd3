import { effect, signal, untracked } from "@preact/signals";

/**
 * Everything that the page stores in the browser, and its owner. Personal data is stored under the user's ID and is deleted when their
 * session ends, however it ends: the next user of the same computer must find none of it. No other code in the page may use localStorage,
 * sessionStorage or IndexedDB (a test checks that), so a new entry has to be declared here.
 */
export const browserData = {
  settings: { owner: "device", holds: "theme, language, the key that sends, whether the people are shown" },
  hadSession: { owner: "device", holds: "that somebody may still be signed in, not who" },
  consoleKeys: { owner: "device", holds: "whether single keys are shortcuts in the moderators' console" },
  draft: { owner: "person", holds: "the text in the composer, by room" },
  named: { owner: "person", holds: "people named in a draft, by room" },
  emoji: { owner: "person", holds: "the emoji used lately" },
  visited: { owner: "person", holds: "the addresses of the rooms and conversations opened last" },
  leaving: { owner: "person", holds: "conversations that are left or declined within seconds, and when" },
  export: { owner: "person", holds: "the id of the export requested last" },
  /** In the IndexedDB database `chatroom`; each entry has its author's ID (`outbox-store.ts`). */
  outbox: { owner: "person", holds: "messages not yet acknowledged" },
} as const satisfies Record<string, { owner: "device" | "person"; holds: string }>;

type Key = keyof typeof browserData;
type DeviceKey = { [Name in Key]: (typeof browserData)[Name]["owner"] extends "device" ? Name : never }[Key];
type PersonKey = Exclude<Key, DeviceKey | "outbox">;

/** The user whose data the browser stores now; null for visitors. Only the session changes it, by `keepOnly`. */
export const owner = signal<string | null>(null);

const PERSON = "person:";
/** Keys of versions that did not store personal data under the user's ID. */
const UNOWNED = /^(draft:|export:|emoji$)/;

const ownKey = (userId: string, key: PersonKey, part: string): string => `${PERSON}${userId}:${key}:${part}`;

/** Returns the keys in localStorage; none if the browser has no storage. */
function storedKeys(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(key: string): unknown {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** Writes a value. Never throws: private windows and full disks just don't store it. */
function write(key: string, value: unknown): void {
  try {
    if (value === null || value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The page works without it.
  }
}

/** Returns a value of the device, which all its users share. */
export const recall = <Value>(key: DeviceKey, fallback: Value): Value => (read(key) as Value | null) ?? fallback;

/** Stores a value of the device; null removes it. */
export const remember = (key: DeviceKey, value: unknown): void => write(key, value);

/** Returns a value of the current user. Null for visitors, and if no valid value is stored. `part` separates several values of one key. */
export function recallOwn<Value>(key: PersonKey, part: string, is: (value: unknown) => value is Value): Value | null {
  const userId = owner.value;
  const value = userId === null ? null : read(ownKey(userId, key, part));
  return is(value) ? value : null;
}

/** Stores a value of the current user; null removes it. Nothing is stored for visitors. */
export function rememberOwn(key: PersonKey, part: string, value: unknown): void {
  const userId = owner.peek();
  if (userId !== null) write(ownKey(userId, key, part), value);
}

/** Whether the current user has anything stored under a key. */
export const hasOwn = (key: PersonKey): boolean => {
  const userId = owner.peek();
  return userId !== null && storedKeys().some((stored) => stored.startsWith(ownKey(userId, key, "")));
};

/** Sets the current user, or none, and deletes all other users' data from localStorage. */
export function keepOnly(userId: string | null): void {
  const own = userId === null ? null : `${PERSON}${userId}:`;
  for (const key of storedKeys()) {
    const isForeign = key.startsWith(PERSON) && (own === null || !key.startsWith(own));
    if (isForeign || UNOWNED.test(key)) write(key, null);
  }
  owner.value = userId;
}

/** Copies one user's stored values to another, unless that user has a value already. For a guest who signs in to their own account. */
export function handOver(fromId: string, toId: string): void {
  const from = `${PERSON}${fromId}:`;
  const known = new Set(storedKeys());
  for (const key of known) {
    if (!key.startsWith(from)) continue;
    const to = `${PERSON}${toId}:${key.slice(from.length)}`;
    if (!known.has(to)) write(to, read(key));
    write(key, null);
  }
}

/** Calls `forget` whenever the current user changes, including to none. Returns a function that unsubscribes. */
export function onOwnerChange(forget: () => void): () => void {
  let known = owner.peek();
  return effect(() => {
    if (owner.value === known) return;
    known = owner.value;
    untracked(forget);
  });
}
