import { Adapter, type BroadcastOptions } from "socket.io-adapter";
import { type Engine, type EnginePacket, isOpen } from "./write-coalescer.ts";
import { frameOf } from "./ws-frame.ts";

/** The parts of Socket.IO that a broadcast uses; they are not in its types. */
type Inside = {
  encoder: { encode(packet: object): unknown[] };
  nsp: { name: string; sockets: Map<string, { client: { conn: Engine } }> };
};

/**
 * The in-memory adapter with a fast path for broadcasts to one room. The packet is encoded and framed once, and the same packet is added
 * to every connection's write buffer. Socket.IO's own implementation creates a packet per socket, looks up the listeners of each, and
 * writes head and body separately, which together cost half as much again as the writing itself.
 */
export class OneWriteAdapter extends Adapter {
  override broadcast(packet: { nsp?: string }, options: BroadcastOptions): void {
    const [roomId] = options.rooms;
    const isForAll = ![...(options.except ?? [])].some((channel) => this.rooms.has(channel));
    const isSimple = options.rooms.size === 1 && isForAll && options.flags?.volatile !== true;
    if (roomId === undefined || !isSimple) {
      super.broadcast(packet, options);
      return;
    }
    const { encoder, nsp } = this as unknown as Inside;
    packet.nsp = nsp.name;
    const sids = this.rooms.get(roomId);
    if (sids === undefined) return;
    const [text, ...attachments] = encoder.encode(packet);
    if (typeof text !== "string" || attachments.length > 0) throw new Error("a broadcast must not contain binary data");
    const shared: EnginePacket = { type: "message", data: text, options: { compress: false, wsPreEncodedFrame: [frameOf(text)] } };
    for (const sid of sids) {
      const conn = nsp.sockets.get(sid)?.client.conn;
      if (conn === undefined || !isOpen(conn)) continue;
      conn.writeBuffer.push(shared);
      conn.flush();
    }
  }
}
