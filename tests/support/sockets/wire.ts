import { once } from "node:events";
import WebSocket from "ws";

/** A connection that speaks Engine.IO and Socket.IO by hand, for what no client would send. */
export type Wire = {
  readonly ws: WebSocket;
  /** Every received frame, text or bytes. */
  readonly frames: readonly (string | Buffer)[];
  send(frame: string | Buffer): void;
  /** Returns the first frame that passes, received already or in the future. */
  next(passes: (frame: string) => boolean): Promise<string>;
  /** Resolves with the close code when the connection has ended. */
  readonly closed: Promise<number>;
};

const PATIENCE_MS = 30_000;

export type WireOptions = { readonly headers?: Record<string, string>; readonly query?: string };

const addressOf = (url: string, query = ""): string => `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket${query}`;

/** Opens a connection and waits for the Engine.IO handshake. */
export async function openWire(url: string, { headers = {}, query }: WireOptions = {}): Promise<Wire> {
  const ws = new WebSocket(addressOf(url, query), { headers, perMessageDeflate: false });
  const frames: (string | Buffer)[] = [];
  const closed = once(ws, "close").then(([code]) => code as number);
  ws.on("error", () => undefined);
  ws.on("message", (data: Buffer, isBinary: boolean) => {
    const frame = isBinary ? data : data.toString();
    frames.push(frame);
    if (frame === "2") ws.send("3");
  });
  const wire: Wire = {
    ws,
    frames,
    closed,
    send: (frame) => ws.send(frame),
    next: (passes) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no such frame among ${frames.length}`)), PATIENCE_MS);
        const look = (): void => {
          const found = frames.find((frame): frame is string => typeof frame === "string" && passes(frame));
          if (found === undefined) return;
          clearTimeout(timer);
          ws.off("message", look);
          resolve(found);
        };
        ws.on("message", look);
        look();
      }),
  };
  await wire.next((frame) => frame.startsWith("0"));
  return wire;
}

/** Returns the HTTP status of a connection that is rejected. */
export async function rejectedWire(url: string, options: WireOptions = {}): Promise<number> {
  const ws = new WebSocket(addressOf(url, options.query), { headers: options.headers });
  ws.on("error", () => undefined);
  const [, answer] = (await once(ws, "unexpected-response")) as [unknown, { statusCode: number; destroy(): void }];
  answer.destroy();
  return answer.statusCode;
}

/** Connects with a token, as a socket of the default namespace. */
export async function enterWire(url: string, token: string): Promise<Wire> {
  const wire = await openWire(url);
  wire.send(`40${JSON.stringify({ token })}`);
  await wire.next((frame) => frame.startsWith("40"));
  return wire;
}

/** Sends a command with its own ack id, and returns the ack's data. */
export async function askWire(wire: Wire, number: number, event: readonly unknown[]): Promise<unknown> {
  wire.send(`42${number}${JSON.stringify(event)}`);
  const frame = await wire.next((found) => found.startsWith(`43${number}[`));
  return (JSON.parse(frame.slice(`43${number}`.length)) as unknown[])[0];
}
