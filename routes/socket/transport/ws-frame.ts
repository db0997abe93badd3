const FINAL_TEXT = 0x81;
const MESSAGE = 0x34;

/** Returns the size of a frame's header for a body of `size` bytes (RFC 6455, 5.2). */
const headOf = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

/** Creates the start of a frame for a text of `textSize` bytes, with space for `room` of them, and returns the offset of the text. */
function beginFrame(textSize: number, room: number): { frame: Buffer; at: number } {
  const size = textSize + 1;
  const head = headOf(size);
  const frame = Buffer.allocUnsafe(head + 1 + room);
  frame[0] = FINAL_TEXT;
  frame[1] = head === 2 ? size : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(size, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(size), 2);
  frame[head] = MESSAGE;
  return { frame, at: head + 1 };
}

/**
 * Encodes one Engine.IO message as a complete WebSocket text frame of a server: header, type and text in one buffer. Separate head and
 * body would be copied twice more, or be written in two parts.
 */
export function frameOf(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const { frame, at } = beginFrame(size, size);
  frame.write(text, at);
  return frame;
}

/**
 * Does the same for a text in chunks of UTF-8, and returns chunks, so that a large one may be shared by many frames and is never copied.
 */
export function frameOfChunks(first: Buffer, others: readonly Buffer[]): Buffer[] {
  const { frame, at } = beginFrame(
    others.reduce((sum, chunk) => sum + chunk.length, first.length),
    first.length,
  );
  first.copy(frame, at);
  return [frame, ...others];
}
