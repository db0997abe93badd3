import { connect, type Socket } from "node:net";

/**
 * A minimal Socket.IO client: Engine.IO packets in WebSocket frames on a plain TCP socket, so that the clients cost less than the servers
 * they measure.
 */
export type Wire = {
  /** Sends one Engine.IO text packet. */
  send(packet: string): void;
  close(): void;
};

type Handlers = {
  /** Receives one text packet. The bytes are valid until the handler returns; copy them to keep them. */
  onPacket: (packet: Buffer) => void;
  onClose: (reason: string) => void;
};

type Address = { port: number; host: string };

/** All sockets read into one buffer: a read is handled completely before the next begins. */
const shared = Buffer.allocUnsafe(512 * 1024);

const HEAD_END = Buffer.from("\r\n\r\n");
const PING = 0x32;
const EMPTY = Buffer.alloc(0);

const upgrade = ({ port, host }: Address): string =>
  `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

/** Builds a masked text frame, as clients must send (RFC 6455, 5.3). The mask is zero: valid, and free on both sides. */
function frame(text: string): Buffer {
  const size = Buffer.byteLength(text);
  if (size > 65_535) throw new Error("the swarm sends no packet over 64 KiB");
  const head = size < 126 ? 2 : 4;
  const bytes = Buffer.alloc(head + 4 + size);
  bytes[0] = 0x81;
  bytes[1] = 0x80 | Math.min(size, 126);
  if (size >= 126) bytes.writeUInt16BE(size, 2);
  bytes.write(text, head + 4);
  return bytes;
}

type Head = { opcode: number; start: number; end: number };

/** Returns the position of the next frame of a buffer, or null while its header is incomplete. */
function headAt(bytes: Buffer, at: number): Head | null {
  if (bytes.length - at < 2) return null;
  const [first = 0, second = 0] = [bytes[at], bytes[at + 1]];
  const short = second & 0x7f;
  const extra = short < 126 ? 0 : short === 126 ? 2 : 8;
  if (bytes.length - at < 2 + extra) return null;
  const size = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  const start = at + 2 + extra;
  return { opcode: first & 0x0f, start, end: start + size };
}

/** Opens one connection; `onPacket` receives every Engine.IO packet except pings, which are answered here. */
export function openWire(address: Address, { onPacket, onClose }: Handlers): Wire {
  let rest: Buffer = EMPTY;
  let isOpen = false;
  let closed = false;

  const finish = (reason: string): void => {
    if (closed) return;
    closed = true;
    socket.destroy();
    onClose(reason);
  };

  /** Returns the number of bytes that were consumed. */
  function frames(bytes: Buffer): number {
    let at = 0;
    for (let head = headAt(bytes, at); head !== null && head.end <= bytes.length; head = headAt(bytes, at)) {
      at = head.end;
      if (head.opcode === 8) finish("closed by the server");
      else if (head.opcode === 1 && head.end - head.start === 1 && bytes[head.start] === PING) socket.write(frame("3"));
      else if (head.opcode === 1) onPacket(bytes.subarray(head.start, head.end));
    }
    return at;
  }

  function take(bytes: Buffer): void {
    let used = 0;
    if (!isOpen) {
      const end = bytes.indexOf(HEAD_END);
      if (end === -1) {
        rest = Buffer.from(bytes);
        return;
      }
      if (!bytes.subarray(0, 12).toString().endsWith(" 101")) {
        finish(`refused: ${bytes.subarray(0, 200).toString()}`);
        return;
      }
      isOpen = true;
      used = end + HEAD_END.length;
    }
    used += frames(used === 0 ? bytes : bytes.subarray(used));
    rest = used === bytes.length ? EMPTY : Buffer.from(bytes.subarray(used));
  }

  const onread = {
    buffer: shared,
    callback: (size: number, bytes: Uint8Array): boolean => {
      const fresh = shared.subarray(0, size);
      take(rest.length === 0 ? fresh : Buffer.concat([rest, fresh]));
      return bytes.length > 0;
    },
  };
  const socket: Socket = connect({ ...address, noDelay: true, onread });
  socket.on("connect", () => socket.write(upgrade(address)));
  socket.on("error", (error) => finish(error.message));
  socket.on("close", () => finish("connection lost"));

  return {
    send: (packet) => void socket.write(frame(packet)),
    close: () => {
      closed = true;
      socket.destroy();
    },
  };
}
