import { refusalOf } from "./refusal.ts";

/** A token and how long it is good for. */
export type Grant = { readonly accessToken: string; readonly expiresInMs: number };

/** Gets a fresh token, as by the refresh cookie; null when the session is over. It may throw: then it is asked again. */
export type TokenSource = () => Promise<Grant | null>;

/** The token in force, and its renewal. */
export type Tokens = {
  readonly token: string | null;
  /** A fresh token now; null when there is none. Asked several times at once, it is got once. */
  renew(): Promise<string | null>;
  stop(): void;
};

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** When to renew: well before expiry, and not everybody in the same instant. */
export const renewAfterMs = (expiresInMs: number): number => Math.max(5_000, expiresInMs * (0.75 + Math.random() * 0.15));

/** An API token: good until it is refused. What the server does not know, it will not know later. */
export function fixedToken(given: string): Tokens {
  let token: string | null = given;
  return {
    get token() {
      return token;
    },
    renew: async () => {
      token = null;
      return null;
    },
    stop: () => undefined,
  };
}

/** Tokens that are renewed before they expire, from the first `renew` on. `renewed` hears of each, `ended` when there are no more. */
export function renewedTokens(source: TokenSource, { renewed, ended }: { renewed: (token: string) => void; ended: () => void }): Tokens {
  let token: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: Promise<string | null> | null = null;
  let waitMs = FIRST_WAIT_MS;
  let isStopped = false;

  const later = (ms: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void renew(), ms);
  };

  const get = async (): Promise<string | null> => {
    try {
      const grant = await source();
      token = grant?.accessToken ?? null;
      waitMs = FIRST_WAIT_MS;
      if (grant) later(renewAfterMs(grant.expiresInMs));
      if (isStopped) return token;
      if (token === null) ended();
      else renewed(token);
      return token;
    } catch (error) {
      later(refusalOf(error).retryAfterMs ?? waitMs * (0.5 + Math.random()));
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
      return null;
    }
  };

  const renew = (): Promise<string | null> => {
    asking ??= get().finally(() => {
      asking = null;
    });
    return asking;
  };

  return {
    get token() {
      return token;
    },
    renew,
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
