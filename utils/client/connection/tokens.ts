import { toApiError } from "../api-error.ts";
import { backoffMs, type Random } from "./backoff.ts";

/** An access token and how long it is valid. */
export type Grant = { readonly accessToken: string; readonly expiresInMs: number };

/** Gets a new token, for example with the refresh cookie; null if the session has ended. If it throws, it is retried. */
export type TokenSource = () => Promise<Grant | null>;

/** The current token and its renewal. */
export type Tokens = {
  readonly token: string | null;
  /** Renews the token now; null if there is none. Concurrent calls share one request. */
  renew(): Promise<string | null>;
  stop(): void;
};

/** Returns when to renew a token: well before it expires, with jitter so that clients do not renew at the same time. */
export const renewAfterMs = (expiresInMs: number): number => Math.max(5_000, expiresInMs * (0.75 + Math.random() * 0.15));

/** Creates the tokens of an API token. It is used until the server rejects it, and cannot be renewed. */
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

/** `renewed` is called with each new token, `ended` if the session has ended. `random` randomizes the retry delays. */
type TokenListeners = { renewed: (token: string) => void; ended: () => void; random?: Random };

/** Creates tokens that are renewed before they expire, starting with the first call of `renew`. */
export function renewedTokens(source: TokenSource, { renewed, ended, random = Math.random }: TokenListeners): Tokens {
  let token: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending: Promise<string | null> | null = null;
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
    pending ??= get().finally(() => {
      pending = null;
    });
    return pending;
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
