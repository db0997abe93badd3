import { frameOfChunks } from "./ws-frame.ts";

/**
 * The text of a packet whose largest piece is shared with other packets, already in UTF-8. Engine.IO treats it as a string: what is not
 * sent as a frame made here is converted by `toString`.
 */
export class ChunkedText {
  readonly #head: Buffer;
  readonly #shared: Buffer;
  readonly #tail: Buffer;

  constructor(head: string, shared: Buffer, tail: string) {
    this.#head = Buffer.from(head);
    this.#shared = shared;
    this.#tail = Buffer.from(tail);
  }

  /** In bytes. */
  get length(): number {
    return this.#head.length + this.#shared.length + this.#tail.length;
  }

  toString(): string {
    return Buffer.concat([this.#head, this.#shared, this.#tail]).toString("utf8");
  }

  /** Returns the packet as one WebSocket text frame, in pieces that are to be written one after the other. */
  toFrame(): Buffer[] {
    return frameOfChunks(this.#head, [this.#shared, this.#tail]);
  }
}
