/** A client that comes back: it holds its room's history up to `afterSeq`, or nothing. */
export type Returning = { readonly token: string; readonly roomId: string; readonly afterSeq: number | null };

export type ReturningJob = { readonly port: number; readonly clients: readonly Returning[] };

export type ReturningResult = {
  /** When each client was answered for good, in ms after the first of them connected. */
  readonly answeredMs: readonly number[];
  /** How often each error came that allows a retry, by its code. */
  readonly retried: Readonly<Record<string, number>>;
  /** What was wrong for good: rejected clients, lost connections, missing messages. */
  readonly faults: readonly string[];
  readonly bytes: number;
  /** The share of one core that the clients took. */
  readonly clientLoad: number;
};
