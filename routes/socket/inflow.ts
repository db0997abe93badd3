import { inflow, inflowOfAddress } from "../../utils/contract/limits.ts";
import { createWindowCounter } from "../../utils/window-counter.ts";

const SECOND = 1_000;

export type InflowKind = keyof typeof inflow;

/** The inflow of one connection. */
export type ConnectionInflow = {
  /** Adds to the current second. @returns whether the connection exceeds a limit and must be closed */
  exceeds(kind: InflowKind, amount: number): boolean;
  /** Ends the measuring; its address no longer counts this connection. */
  close(): void;
};

/** Measures what socket connections send, each alone and all of one address together. */
export type InflowMeter = {
  open(address: string): ConnectionInflow;
};

const KINDS = Object.keys(inflow) as InflowKind[];

/** Creates a meter whose limits are multiplied by `scale`. `now` answers milliseconds. */
export function createInflowMeter(scale: number, now: () => number = () => performance.now()): InflowMeter {
  const openConnections = new Map<string, number>();
  const ofAddress = Object.fromEntries(KINDS.map((kind) => [kind, createWindowCounter(SECOND, now)])) as Record<
    InflowKind,
    ReturnType<typeof createWindowCounter>
  >;

  /**
   * When an address exceeds its limit, only connections that send more than their share of it are closed: at least one of
   * them does, and whoever sends little from behind the same address stays.
   */
  function exceedsShare(address: string, kind: InflowKind, own: number, amount: number): boolean {
    const limit = inflowOfAddress[kind] * scale;
    return ofAddress[kind].add(address, amount) > limit && own > limit / (openConnections.get(address) ?? 1);
  }

  return {
    open(address) {
      openConnections.set(address, (openConnections.get(address) ?? 0) + 1);
      let second = 0;
      const own = { packets: 0, bytes: 0, controlFrames: 0 };
      return {
        exceeds(kind, amount) {
          const current = Math.floor(now() / SECOND);
          if (current !== second) {
            second = current;
            for (const each of KINDS) own[each] = 0;
          }
          own[kind] += amount;
          return own[kind] > inflow[kind] * scale || exceedsShare(address, kind, own[kind], amount);
        },
        close() {
          const left = (openConnections.get(address) ?? 1) - 1;
          if (left === 0) openConnections.delete(address);
          else openConnections.set(address, left);
        },
      };
    },
  };
}
