import type { OperationName } from "./operations/index.ts";

const SECOND = 1_000;

/** How long calls may take, in ms. The server's timeout of an operation always ends before the client's. */
export const timeouts = {
  /** The server's timeout for a call, so that a response arrives within `limits.ackMs`. */
  callMs: 4.5 * SECOND,
  /** The server's timeout for a call that hashes a password. Only the wait in the password queue may take this long. */
  passwordCallMs: 35 * SECOND,
  /** How long a call may wait in the password queue. */
  passwordQueueMs: 30 * SECOND,
  /** What a client adds for the network to the server's timeout. */
  networkMs: 5.5 * SECOND,
} as const;

/** The operations that hash or compare a password. */
export const passwordOperations: ReadonlySet<OperationName> = new Set<OperationName>([
  "signUp",
  "signIn",
  "upgradeGuest",
  "mergeGuest",
  "changePassword",
  "resetPassword",
  "stepUp",
  "removeTotp",
]);

/** Returns the server's timeout of an operation in ms, after which it responds with `unavailable`. */
export const serverTimeoutOf = (name: OperationName): number => (passwordOperations.has(name) ? timeouts.passwordCallMs : timeouts.callMs);

/**
 * Returns the client's timeout of an operation in ms. The server has responded by then, so a retry never runs in parallel with the first
 * attempt.
 */
export const clientTimeoutOf = (name: OperationName): number => serverTimeoutOf(name) + timeouts.networkMs;
