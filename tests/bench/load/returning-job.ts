/** A client that reconnects: it has its room's history up to `afterSeq`, or nothing. */
export type Returning = { readonly token: string; readonly roomId: string; readonly afterSeq: number | null };

export type ReturningJob = { readonly port: number; readonly clients: readonly Returning[] };

export type ReturningResult = {
  /** When each client received its final answer, in ms after the first client connected. */
  readonly answeredMs: readonly number[];
  /** How often each retryable error occurred, by its code. */
  readonly retried: Readonly<Record<string, number>>;
  /** Permanent failures: rejected clients, lost connections, missing messages. */
  readonly faults: readonly string[];
  readonly bytes: number;
  /** The share of one core that the clients used. */
  readonly clientLoad: number;
};
