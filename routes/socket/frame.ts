const [FINAL_TEXT, MESSAGE] = [0x81, 0x34];

/** What the length of a frame's body takes in its head (RFC 6455, 5.2). */
const headOf = (size: number): number => (size < 126 ? 2 : size < 65_536 ? 4 : 10);

/**
 * One Engine.IO message as a whole WebSocket text frame of a server: head, kind and text in one piece of memory. Made
 * from head and body it would be copied twice more, or be written in two parts.
 */
export function frameOf(text: string): Buffer {
  const size = Buffer.byteLength(text) + 1;
  const head = headOf(size);
  const frame = Buffer.allocUnsafe(head + size);
  frame[0] = FINAL_TEXT;
  frame[1] = head === 2 ? size : head === 4 ? 126 : 127;
  if (head === 4) frame.writeUInt16BE(size, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(size), 2);
  frame[head] = MESSAGE;
  frame.write(text, head + 1);
  return frame;
}
