import type { OperationName } from "./operations/index.ts";

const SECOND = 1_000;

/** How long calls may take, in ms. The server's timeout of an operation always ends before the client's. */
export const timeouts = {
  /** The server's part of a call, so that an answer arrives within `limits.ackMs`. */
  callMs: 4.5 * SECOND,
  /** The server's part of a call that hashes a password: it may wait in the queue of passwords, and only there. */
  passwordCallMs: 35 * SECOND,
  /** How long a password may wait in that queue. */
  passwordQueueMs: 30 * SECOND,
  /** What a client allows for the network on top of the server's part. */
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

/** Returns after how many ms the server answers `unavailable` at the latest. */
export const serverTimeoutOf = (name: OperationName): number => (passwordOperations.has(name) ? timeouts.passwordCallMs : timeouts.callMs);

/** Returns after how many ms a client gives a call up. The server has answered before, so a repeat never runs beside the first. */
export const clientTimeoutOf = (name: OperationName): number => serverTimeoutOf(name) + timeouts.networkMs;
