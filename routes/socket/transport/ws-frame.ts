const [FINAL_TEXT, MESSAGE] = [0x81, 0x34];

/** What the length of a frame's body takes in its head (RFC 6455, 5.2). */
const headOf = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

/** The beginning of a frame for a text of `textSize` bytes, with room for `room` of them, and where these begin. */
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
 * One Engine.IO message as a whole WebSocket text frame of a server: head, kind and text in one piece of memory. Made
 * from head and body it would be copied twice more, or be written in two parts.
 */
export function frameOf(text: string): Buffer {
  const size = Buffer.byteLength(text);
  const { frame, at } = beginFrame(size, size);
  frame.write(text, at);
  return frame;
}

/** The same for a text in pieces, which are UTF-8 already: as pieces again, so that a large one may be shared by many frames and is never copied. */
export function frameOfChunks(first: Buffer, others: readonly Buffer[]): Buffer[] {
  const { frame, at } = beginFrame(
    others.reduce((sum, piece) => sum + piece.length, first.length),
    first.length,
  );
  first.copy(frame, at);
  return [frame, ...others];
}
