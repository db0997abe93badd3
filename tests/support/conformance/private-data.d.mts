/** Remembers what a test sends as a secret, so that the logs of the run can be searched for it. */
export function noteSecrets(body: unknown): void;
/** Keeps what a server logs in a test. */
export function noteLog(text: string): void;
export type Found = { kind: string; line: string };
/** What of a log is private, by the form of it or because a caller sent it as a secret. */
export function findPrivate(lines: readonly string[], secrets: readonly string[]): Found[];
