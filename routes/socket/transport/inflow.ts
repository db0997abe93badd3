import { createWindowCounter, type WindowCounter } from "../../../utils/async/window-counter.ts";
import { inflow, inflowOfAddress } from "../../../utils/contract/limits.ts";

const SECOND = 1_000;

export type InflowKind = keyof typeof inflow;

/** The inflow of one connection. */
export type ConnectionInflow = {
  /** Adds to the current second. @returns whether the connection exceeds a limit and must be closed */
  exceeds(kind: InflowKind, amount: number): boolean;
  /** Stops measuring; this connection no longer counts for its address. */
  close(): void;
};

/** Measures what socket connections send, per connection and per address. */
export type InflowMeter = {
  open(address: string): ConnectionInflow;
};

/** The state shared by all connections of a server. */
type Shared = {
  readonly scale: number;
  readonly now: () => number;
  readonly openConnections: Map<string, number>;
  readonly ofAddress: Readonly<Record<InflowKind, WindowCounter>>;
};

/** A class, so that an idle connection costs a few fields and no closures. */
class Inflow implements ConnectionInflow {
  readonly #shared: Shared;
  readonly #address: string;
  #second = 0;
  readonly #own = { packets: 0, bytes: 0, controlFrames: 0 };

  constructor(shared: Shared, address: string) {
    this.#shared = shared;
    this.#address = address;
    shared.openConnections.set(address, (shared.openConnections.get(address) ?? 0) + 1);
  }

  exceeds(kind: InflowKind, amount: number): boolean {
    const second = Math.floor(this.#shared.now() / SECOND);
    if (second !== this.#second) {
      this.#second = second;
      Object.assign(this.#own, { packets: 0, bytes: 0, controlFrames: 0 });
    }
    this.#own[kind] += amount;
    return this.#own[kind] > inflow[kind] * this.#shared.scale || this.#exceedsShare(kind, amount);
  }

  /**
   * If an address exceeds its limit, only connections that send more than their share of it are closed: at least one of them does, and
   * connections with little traffic behind the same address stay open.
   */
  #exceedsShare(kind: InflowKind, amount: number): boolean {
    const { scale, ofAddress, openConnections } = this.#shared;
    const limit = inflowOfAddress[kind] * scale;
    return ofAddress[kind].add(this.#address, amount) > limit && this.#own[kind] > limit / (openConnections.get(this.#address) ?? 1);
  }

  close(): void {
    const { openConnections } = this.#shared;
    const left = (openConnections.get(this.#address) ?? 1) - 1;
    if (left === 0) openConnections.delete(this.#address);
    else openConnections.set(this.#address, left);
  }
}

/** Creates a meter whose limits are multiplied by `scale`. `now` returns milliseconds. */
export function createInflowMeter(scale: number, now: () => number = () => performance.now()): InflowMeter {
  const perSecond = (): WindowCounter => createWindowCounter(SECOND, now);
  const ofAddress = { packets: perSecond(), bytes: perSecond(), controlFrames: perSecond() };
  const shared: Shared = { scale, now, openConnections: new Map(), ofAddress };
  return { open: (address) => new Inflow(shared, address) };
}
