import { batch, computed, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { renewAfterMs } from "../../../../utils/client/connection/tokens.ts";
import type { SessionDto } from "../../../../utils/contract/schemas/auth.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { type ApiError, ask, credentials, toApiError } from "../../api.ts";
import { handOver, keepOnly, owner, recall, remember } from "../../storage.ts";
import { hasUnsent } from "../composer/unsent.ts";
import type { Proof } from "./proof-of-work.ts";
import { isExchanging } from "./replacing.ts";
import { locked } from "./tab-lock.ts";

/** Messages between tabs. `handedFrom` is the guest whose drafts and unsent messages go to the user who signed in. */
type Notice = { kind: "session"; session: SessionDto; handedFrom?: string } | { kind: "gone" };

export { exchangeSession, isReplacing, replaceSession } from "./replacing.ts";

type HandOver = (fromId: string, toId: string) => void;

/** `unknown` until the first check; `ended` when the server closed it, so that the page can show that. */
export const sessionPhase = signal<"unknown" | "none" | "active" | "ended">("unknown");
export const session = signal<SessionDto | null>(null);
export const currentUser = computed(() => session.value?.user ?? null);

const HINT = "hadSession";
/** Maximum delay before restoring the session is retried, while the page shows nothing yet, in ms. */
const RESTORE_MAX_MS = 8_000;
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("session");
let renewal: ReturnType<typeof setTimeout> | undefined;
let adoptedAt = 0;

/** Called when a user's unsent texts go to another user, before that user owns this browser's data. */
const handOvers = new Set<HandOver>([handOver]);

export const onSessionHandover = (run: HandOver): unknown => handOvers.add(run);

/**
 * Number of times one user replaced another without signing out, for example in another tab. A view's state belongs to the user it was
 * opened for, so each change remounts it.
 */
export const successions = signal(0);

function adopt(next: SessionDto, handedFrom?: string): void {
  adoptedAt = Date.now();
  const before = owner.peek();
  if (handedFrom !== undefined && handedFrom === before) for (const run of handOvers) run(handedFrom, next.user.id);
  // Set the token first: subscribers of the session use it immediately.
  credentials.token = next.accessToken;
  batch(() => {
    keepOnly(next.user.id);
    session.value = next;
    sessionPhase.value = "active";
    hasLostTexts.value = false;
    if (before !== null && before !== next.user.id) successions.value += 1;
  });
  remember(HINT, true);
  failedRenewals = 0;
  clearTimeout(renewal);
  renewal = setTimeout(() => void renew(), renewAfterMs(next.expiresInMs));
}

/** Whether the session that ended was a member's: they return by signing in, not under another name. */
export const wasMember = signal(false);

/** Whether unsent messages or drafts were deleted with the session that ended. */
export const hasLostTexts = signal(false);

/** Deletes what IndexedDB stores of a user after their session has ended. The hint stays until that is done: the next load tries again. */
async function deleteOutbox(): Promise<void> {
  const { deleteOthersOutbox } = await import("../composer/outbox-store.ts");
  await deleteOthersOutbox();
  if (owner.peek() === null) remember(HINT, null);
}

/** Clears the session here and deletes all data that the browser stores of its user; the session on the server has ended or is about to. */
export function dropSession(phase: "none" | "ended"): void {
  clearTimeout(renewal);
  wasMember.value = phase === "ended" && currentUser.peek()?.kind === "member";
  hasLostTexts.value = phase === "ended" && hasUnsent();
  credentials.token = null;
  batch(() => {
    keepOnly(null);
    session.value = null;
    sessionPhase.value = phase;
  });
  void deleteOutbox().catch(() => undefined);
}

others?.addEventListener("message", ({ data }: MessageEvent<Notice>) => {
  if (data.kind === "session") adopt(data.session, data.handedFrom);
  else if (session.value) dropSession("none");
});

const isOver = (refusal: ApiError): boolean => ["unauthenticated", "session_revoked", "token_expired"].includes(refusal.code);

/** Adopts a session in this tab and in all others. `handedFrom` is the guest whose unsent texts the user keeps. */
export function takeSession(next: SessionDto, handedFrom?: string): SessionDto {
  adopt(next, handedFrom);
  others?.postMessage({ kind: "session", session: next, ...(handedFrom !== undefined && { handedFrom }) } satisfies Notice);
  return next;
}

/**
 * Updates the current user's name or role. The event about a guest who became a member arrives too early here: their new session contains
 * the change.
 */
export function rename(user: AuthorDto): void {
  const now = session.peek();
  if (now?.user.id === user.id && now.user.kind === user.kind) session.value = { ...now, user: { ...now.user, ...user } };
}

const refresh = async (): Promise<SessionDto> =>
  takeSession(await ask("refreshSession", "/api/auth/refresh", { method: "POST", csrf: true }));

/**
 * Returns a new access token, or null if the session is over or the server is unreachable. One tab renews for all: the others adopt its
 * session.
 */
export function renew(): Promise<string | null> {
  const askedAt = Date.now();
  const run = (): Promise<string | null> => renewUnless(() => adoptedAt >= askedAt);
  // An exchange owns the lock that others wait for.
  if (isExchanging()) return run();
  renewing ??= locked(run).finally(() => {
    renewing = null;
  });
  return renewing;
}

/** The pending renewal in this tab: concurrent calls get its token. */
let renewing: Promise<string | null> | null = null;

async function renewUnless(isFresh: () => boolean): Promise<string | null> {
  if (isFresh()) return credentials.token;
  try {
    return (await refresh()).accessToken;
  } catch (error) {
    const refusal = toApiError(error);
    if (isOver(refusal)) dropSession(sessionPhase.value === "active" ? "ended" : "none");
    else if (session.value) renewLater(refusal);
    return null;
  }
}

/** Number of failed renewals since the last session was adopted. */
let failedRenewals = 0;

function renewLater({ retryAfterMs = 0 }: ApiError): void {
  clearTimeout(renewal);
  renewal = setTimeout(() => void renew(), backoffMs(failedRenewals, { atLeastMs: retryAfterMs }));
  failedRenewals += 1;
}

credentials.renew = renew;

/** Restores the previous session at page load, if there was one. Keeps trying while the server is unavailable. */
export async function restoreSession(): Promise<void> {
  if (!recall(HINT, false)) {
    keepOnly(null);
    sessionPhase.value = "none";
    return;
  }
  for (let failures = 0; sessionPhase.value === "unknown"; failures += 1) {
    await renew();
    if (sessionPhase.value === "unknown")
      await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, { longestMs: RESTORE_MAX_MS })));
  }
}

/**
 * Signs in as a guest. `proof` solves the challenge of an earlier `proof_required` error.
 * @throws ApiError: `name_taken` with `suggestions`, `invalid_input`, `proof_required`, `guest_limit`, …
 */
export async function joinAsGuest(displayName: string, languages: string[], proof?: Proof): Promise<void> {
  const body = { displayName, languages, acceptedRulesVersion: 1, ...(proof && { proof }) };
  takeSession(await ask("createGuest", "/api/auth/guest", { method: "POST", csrf: true, body }));
}

/** Called before the user signs out, to finish pending work immediately. */
const farewells = new Set<() => void>();

export const beforeSignOut = (run: () => void): unknown => farewells.add(run);

/** Clears the session and all data that the browser stores of its user, in all tabs. */
export function clearSession(): void {
  dropSession("none");
  others?.postMessage({ kind: "gone" } satisfies Notice);
}

/** Signs out. The session is cleared on this device even if the server is unreachable. */
export async function signOut(): Promise<void> {
  for (const run of farewells) run();
  await ask("signOut", "/api/auth/signout", { method: "POST", csrf: true }).catch(() => null);
  clearSession();
}
