import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A TCP connection that sends arbitrary bytes. */
export type RawSocket = {
  readonly socket: Socket;
  /** Returns everything received so far; nothing is added while the socket is paused. */
  received(): Buffer;
  /** Resolves when either side has closed the connection. */
  readonly closed: Promise<void>;
  /** Writes the same bytes repeatedly, as fast as the connection accepts them, until it is closed. @returns bytes written */
  flood(bytes: Buffer): Promise<number>;
};

/** Opens a TCP connection to a server of this machine. Errors of the connection only close it. */
export async function openRawSocket(port: number): Promise<RawSocket> {
  const socket = connect({ port, host: "127.0.0.1" });
  await once(socket, "connect");
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => undefined);
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  async function flood(bytes: Buffer): Promise<number> {
    const before = socket.bytesWritten;
    while (!socket.destroyed) {
      if (socket.write(bytes)) await new Promise(setImmediate);
      else await Promise.race([once(socket, "drain").catch(() => undefined), closed]);
    }
    return socket.bytesWritten - before;
  }
  return { socket, received: () => Buffer.concat(chunks), closed, flood };
}

/** A masked frame as a client sends it (RFC 6455, 5.2), with at most 125 bytes. The mask is zero, which leaves the bytes as they are. */
export function maskedFrame(opcode: number, payload: Buffer | string = "", isFinal = true): Buffer {
  const body = Buffer.from(payload);
  return Buffer.concat([Buffer.from([(isFinal ? 0x80 : 0) | opcode, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

export const PING = 0x9;
export const PONG = 0xa;
export const TEXT = 0x1;
export const CONTINUATION = 0x0;

/** Opens an Engine.IO WebSocket by hand, and connects with a token if one is given. */
export async function openRawWebSocket(port: number, token?: string): Promise<RawSocket> {
  const raw = await openRawSocket(port);
  const head = [
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1",
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
  ];
  raw.socket.write(`${head.join("\r\n")}\r\n\r\n`);
  const receives = async (text: string): Promise<void> => {
    while (!raw.received().includes(text)) await once(raw.socket, "data");
  };
  await receives('0{"sid"');
  if (token === undefined) return raw;
  const join = `40${JSON.stringify({ token })}`;
  raw.socket.write(maskedFrame(TEXT, join.slice(0, 100), false));
  for (let at = 100; at < join.length; at += 100) {
    raw.socket.write(maskedFrame(CONTINUATION, join.slice(at, at + 100), at + 100 >= join.length));
  }
  await receives('40{"sid"');
  return raw;
}
