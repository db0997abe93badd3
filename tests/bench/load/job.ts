import type { Latency } from "../figures.ts";

/** One load on one server: who connects, into which rooms, and for how long they talk. */
export type SwarmJob = {
  port: number;
  /** The process that is measured meanwhile. */
  serverPid: number;
  rooms: { roomId: string; members: { token: string; isWriter: boolean }[] }[];
  /** Whether members enter their room; without it nobody listens. */
  join: boolean;
  /** Messages a writer has under way at once; the next follows an ack. */
  inFlight: number;
  /** Where it is given, a writer sends one each so often instead, whatever became of those before. */
  everyMs?: number;
  warmUpMs: number;
  /** 0: connect, say so, and stay idle until the process is stopped. */
  measureMs: number;
};

/** What one room must hold afterwards: `digest` is over every `seq:clientMessageId` after `afterSeq`, in order. */
export type RoomProof = { roomId: string; afterSeq: number; count: number; digest: string };

export type SwarmResult = {
  /** Acknowledged within the window, a second. */
  rate: number;
  ack: Latency;
  receipt: Latency;
  /** Everything that the delivery check found wrong; a run with one of them counts as nothing. */
  faults: string[];
  proofs: RoomProof[];
  /** The share of one core that the clients took. */
  clientLoad: number;
  /** What the server's process spent within the window, in CPU seconds, and what it got done for it. */
  serverCpu: { seconds: number; messages: number; frames: number };
};

export type FromSwarm = { kind: "connected" } | { kind: "done"; result: SwarmResult } | { kind: "failed"; reason: string };
