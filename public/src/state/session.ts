import { batch, computed, signal } from "@preact/signals";
import { renewAfterMs } from "../../../utils/client/tokens.ts";
import type { SessionDto } from "../../../utils/contract/auth.ts";
import type { AuthorDto } from "../../../utils/contract/users.ts";
import { ask, credentials, type Refusal, refusalOf } from "../api.ts";
import { forgetAll, recall, remember } from "../storage.ts";

type Notice = { kind: "session"; session: SessionDto } | { kind: "gone" };

/** `unknown` until the first look; `ended` when the server closed it, so that the page can say so. */
export const sessionPhase = signal<"unknown" | "none" | "active" | "ended">("unknown");
export const session = signal<SessionDto | null>(null);
export const myself = computed(() => session.value?.user ?? null);

const HINT = "hadSession";
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("session");
let renewal: ReturnType<typeof setTimeout> | undefined;
let adoptedAt = 0;

function adopt(next: SessionDto): void {
  adoptedAt = Date.now();
  // The token first: whoever hears of the session uses it at once.
  credentials.token = next.accessToken;
  batch(() => {
    session.value = next;
    sessionPhase.value = "active";
  });
  remember(HINT, true);
  clearTimeout(renewal);
  renewal = setTimeout(() => void renew(), renewAfterMs(next.expiresInMs));
}

/** Whether the session that ended was a member's: they come back by signing in, not under another name. */
export const wasMember = signal(false);

/** Forgets the session here; the server's part is over or is about to be. */
export function dropSession(phase: "none" | "ended"): void {
  clearTimeout(renewal);
  wasMember.value = phase === "ended" && myself.peek()?.kind === "member";
  credentials.token = null;
  batch(() => {
    session.value = null;
    sessionPhase.value = phase;
  });
  remember(HINT, null);
}

others?.addEventListener("message", ({ data }: MessageEvent<Notice>) => {
  if (data.kind === "session") adopt(data.session);
  else if (session.value) dropSession("none");
});

const locked = <Result>(run: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? (navigator.locks.request("session", run) as Promise<Result>) : run();

const isOver = (refusal: Refusal): boolean => ["unauthenticated", "session_revoked", "token_expired"].includes(refusal.code);

/** Takes up a session in this tab and in all others. */
export function takeSession(next: SessionDto): SessionDto {
  adopt(next);
  others?.postMessage({ kind: "session", session: next } satisfies Notice);
  return next;
}

/** Oneself bears another name or role now. A guest who has become a member is heard of too early here: their new session says it. */
export function rename(user: AuthorDto): void {
  const now = session.peek();
  if (now?.user.id === user.id && now.user.kind === user.kind) session.value = { ...now, user: { ...now.user, ...user } };
}

let replacing = 0;

/** Whether the session is about to be replaced by another: its end is no news then. */
export const isReplacing = (): boolean => replacing > 0;

/** Runs what ends the present session by itself, such as a guest's becoming a member. */
export async function replaceSession<Result>(run: () => Promise<Result>): Promise<Result> {
  replacing += 1;
  try {
    return await run();
  } finally {
    replacing -= 1;
  }
}

const refresh = async (): Promise<SessionDto> =>
  takeSession(await ask("refreshSession", "/api/auth/refresh", { method: "POST", csrf: true }));

/**
 * A fresh access token, or null when the session is over or the server is out of reach.
 * One tab asks for all: the others adopt what it was given.
 */
export async function renew(): Promise<string | null> {
  const askedAt = Date.now();
  return locked(async () => {
    if (adoptedAt >= askedAt) return credentials.token;
    try {
      return (await refresh()).accessToken;
    } catch (error) {
      if (isOver(refusalOf(error))) dropSession(sessionPhase.value === "active" ? "ended" : "none");
      else if (session.value) renewal = setTimeout(() => void renew(), 15_000);
      return null;
    }
  });
}
credentials.renew = renew;

/** At load: takes up the session of before, if there was one. Keeps trying while the server is away. */
export async function restoreSession(): Promise<void> {
  if (!recall(HINT, false)) {
    sessionPhase.value = "none";
    return;
  }
  for (let wait = 500; sessionPhase.value === "unknown"; wait = Math.min(wait * 2, 8_000)) {
    await renew();
    if (sessionPhase.value === "unknown") await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())));
  }
}

/**
 * Becomes a guest.
 * @throws Refusal: `name_taken` with `suggestions`, `invalid_input`, `guest_limit`, …
 */
export async function joinAsGuest(displayName: string, languages: string[]): Promise<void> {
  const body = { displayName, languages, acceptedRulesVersion: 1 };
  takeSession(await ask("createGuest", "/api/auth/guest", { method: "POST", csrf: true, body }));
}

/** Forgets the session and what was begun under it, in all tabs. */
export function forgetSession(): void {
  dropSession("none");
  forgetAll("draft:");
  others?.postMessage({ kind: "gone" } satisfies Notice);
}

/** Leaves. The name is gone on this device even when the server cannot be told now. */
export async function signOut(): Promise<void> {
  await ask("signOut", "/api/auth/signout", { method: "POST", csrf: true }).catch(() => null);
  forgetSession();
}
