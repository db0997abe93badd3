import type { Latency } from "../figures.ts";

/** One load on one server: who connects, which rooms they join, and for how long they send. */
export type SwarmJob = {
  port: number;
  /** The server process to measure. */
  serverPid: number;
  rooms: { roomId: string; members: { token: string; isWriter: boolean }[] }[];
  /** Whether members join their room; otherwise there are no subscribers. */
  join: boolean;
  /** Messages that a writer has in flight; the next one follows an ack. */
  inFlight: number;
  /** If set, a writer sends one message at this interval instead, regardless of earlier acks. */
  everyMs?: number;
  warmUpMs: number;
  /** 0: connect, report that, and stay idle until the process is stopped. */
  measureMs: number;
};

/** The expected content of a room afterwards: `digest` covers every `seq:clientMessageId` after `afterSeq`, in order. */
export type RoomProof = { roomId: string; afterSeq: number; count: number; digest: string };

export type SwarmResult = {
  /** Messages acknowledged within the window, per second. */
  rate: number;
  ack: Latency;
  receipt: Latency;
  /** Everything that the delivery check found wrong; a run with a fault is discarded. */
  faults: string[];
  proofs: RoomProof[];
  /** The share of one core that the clients used. */
  clientLoad: number;
  /** The CPU seconds of the server's process within the window, and the messages and frames it handled for them. */
  serverCpu: { seconds: number; messages: number; frames: number };
};

export type FromSwarm = { kind: "connected" } | { kind: "done"; result: SwarmResult } | { kind: "failed"; reason: string };
