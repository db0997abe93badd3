import { frameOfChunks } from "./ws-frame.ts";

/**
 * The text of a packet whose largest chunk is shared with other packets, already in UTF-8. Engine.IO treats it as a string: unless it is
 * sent as a frame made here, it is converted by `toString`.
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

  /** Length in bytes. */
  get length(): number {
    return this.#head.length + this.#shared.length + this.#tail.length;
  }

  toString(): string {
    return Buffer.concat([this.#head, this.#shared, this.#tail]).toString("utf8");
  }

  /** Returns the packet as one WebSocket text frame, in chunks to be written in sequence. */
  toFrame(): Buffer[] {
    return frameOfChunks(this.#head, [this.#shared, this.#tail]);
  }
}
