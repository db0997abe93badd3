import { randomUUID } from "node:crypto";
import { io, type Socket } from "socket.io-client";
import type { Problem } from "../../../utils/contract/errors.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { LiveMessageDto } from "../../../utils/contract/schemas/messages.ts";

type Answer<Data> = { ok: true; data: Data } | { ok: false; error: Problem };

/** Commands are answered within 5 s; a client waits a little longer. */
const ACK_TIMEOUT_MS = 8_000;

/** One ordinary client (socket.io-client): sends and changes messages, and checks that no batch skips or repeats a number. */
export class LoadClient {
  readonly roomId: string;
  readonly faults: string[] = [];
  /** The number up to which this client has received the room's changes. */
  seq = 0;
  private readonly socket: Socket;

  private constructor(socket: Socket, roomId: string) {
    this.socket = socket;
    this.roomId = roomId;
    socket.on("messages_changed", (batch: ServerEventPayload<"messages_changed">) => this.receive(batch));
  }

  /** Connects and joins a room. */
  static async enter(port: number, token: string, roomId: string): Promise<LoadClient> {
    const socket = io(`http://127.0.0.1:${port}`, { auth: { token }, transports: ["websocket"], forceNew: true, reconnection: false });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("connect_error", reject);
    });
    const client = new LoadClient(socket, roomId);
    const { lastSeq } = await client.ask<{ lastSeq: number }>("join_room", { roomId });
    client.seq = Math.max(client.seq, lastSeq);
    return client;
  }

  private receive({ roomId, fromSeq, toSeq }: ServerEventPayload<"messages_changed">): void {
    if (roomId !== this.roomId || toSeq <= this.seq) return;
    if (this.seq > 0 && fromSeq > this.seq) this.faults.push(`${roomId}: at ${this.seq} came a batch from ${fromSeq}`);
    this.seq = toSeq;
  }

  /** Returns the data of a command's ack. @throws when the command is rejected or not answered */
  async ask<Data>(command: string, input: object): Promise<Data> {
    const answer = (await this.socket.timeout(ACK_TIMEOUT_MS).emitWithAck(command, input)) as Answer<Data>;
    if (!answer.ok) throw new Error(`${command}: ${answer.error.code}`);
    return answer.data;
  }

  async send(text: string, replyToId?: string): Promise<LiveMessageDto> {
    const input = { roomId: this.roomId, clientMessageId: randomUUID(), text, ...(replyToId !== undefined && { replyToId }) };
    return (await this.ask<{ message: LiveMessageDto }>("send_message", input)).message;
  }

  /** Resolves when the server has closed the connection. */
  async disconnected(): Promise<void> {
    if (!this.socket.connected) return;
    await new Promise((resolve) => this.socket.once("disconnect", resolve));
  }

  close(): void {
    this.socket.disconnect();
  }
}
