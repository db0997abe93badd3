import { toApiError } from "../api-error.ts";
import { backoffMs, type Random } from "./backoff.ts";

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

/** `renewed` hears of each token, `ended` when there are no more. `random` spreads the retries of many clients. */
type TokenListeners = { renewed: (token: string) => void; ended: () => void; random?: Random };

/** Tokens that are renewed before they expire, from the first `renew` on. */
export function renewedTokens(source: TokenSource, { renewed, ended, random = Math.random }: TokenListeners): Tokens {
  let token: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking: Promise<string | null> | null = null;
  let failures = 0;
  let isStopped = false;

  const later = (ms: number): void => {
    clearTimeout(timer);
    if (!isStopped) timer = setTimeout(() => void renew(), ms);
  };

  const get = async (): Promise<string | null> => {
    try {
      const grant = await source();
      token = grant?.accessToken ?? null;
      failures = 0;
      if (grant) later(renewAfterMs(grant.expiresInMs));
      if (isStopped) return token;
      if (token === null) ended();
      else renewed(token);
      return token;
    } catch (error) {
      later(backoffMs(failures, { atLeastMs: toApiError(error).retryAfterMs ?? 0, random }));
      failures += 1;
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
