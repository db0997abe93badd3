import { signal } from "@preact/signals";
import { currentUser } from "../session/session.ts";

/** A member whose account is this young is greeted as well: they may have come to sign up from a room. */
const NEW_MEMBER_MS = 10 * 60_000;

/** The user who joined as a guest in this tab; they are greeted in every room they enter, until the page is reloaded. */
const joinedHere = signal<string | null>(null);

/** The rooms in which the greeting is over: it was dismissed, or the user wrote a message. */
const greetedIn = signal<ReadonlySet<string>>(new Set());

/** Records that the current user has just joined. It is not stored. */
export function startOwnGreeting(): void {
  joinedHere.value = currentUser.peek()?.id ?? null;
  greetedIn.value = new Set();
}

const isNewMember = (createdAt: string): boolean => Math.abs(Date.now() - Date.parse(createdAt)) < NEW_MEMBER_MS;

/** Whether the current user is greeted in a room. */
export function isGreetedIn(roomId: string): boolean {
  const me = currentUser.value;
  if (me === null || greetedIn.value.has(roomId)) return false;
  return me.id === joinedHere.value || (me.kind === "member" && isNewMember(me.createdAt));
}

/** Ends the greeting in a room. */
export function endGreeting(roomId: string): void {
  greetedIn.value = new Set([...greetedIn.peek(), roomId]);
}
