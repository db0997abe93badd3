import fc from "fast-check";
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { OnceEncoder } from "../../../routes/socket/transport/caching-encoder.ts";
import { ChunkedText } from "../../../routes/socket/transport/chunked-text.ts";
import { frameOf } from "../../../routes/socket/transport/ws-frame.ts";
import { partOf, sharedTextOf, shareList } from "../../../services/messages/sync/list-text.ts";
import type { MessageDto } from "../../../utils/contract/schemas/messages.ts";

// The types of ws omit it.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

const ours = new OnceEncoder();
const stock = new Encoder();

/** Decodes encoded packets like a client. */
function read(encoded: string[]): Packet[] {
  const decoder = new Decoder();
  const packets = [] as Packet[];
  decoder.on("decoded", (packet) => packets.push(packet));
  for (const piece of encoded) decoder.add(piece);
  return packets;
}

const expectSame = (packet: Packet): void => expect(read(ours.encode(packet))).toEqual(read(stock.encode(packet)));

const message = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
const event = (...data: unknown[]): Packet => ({ type: PacketType.EVENT, nsp: "/", data });
const ack = (...data: unknown[]): Packet => ({ type: PacketType.ACK, nsp: "/", id: 7, data });

describe("encoder output equals that of Socket.IO", () => {
  it("for messages_changed events, and for acks with their messages", () => {
    const telling = fc.record({ messages: fc.array(message, { maxLength: 4 }), rest: fc.dictionary(fc.string(), fc.jsonValue()) });
    const check = ({ messages, rest }: { messages: object[]; rest: object }): void => {
      expectSame(event("messages_changed", { ...rest, messages }));
      for (const one of messages) {
        expectSame(ack({ ok: true, data: { message: one } }));
        expectSame(ack({ ok: true, data: { message: one, more: 1 } }));
        expectSame(ack({ ok: false, data: { message: one } }));
        expectSame(ack({ ok: true, data: { message: { ...one } } }));
      }
    };
    fc.assert(fc.property(telling, check));
  });

  it("for any other event, ack and connection error", () => {
    const check = (data: unknown, id: number): void => {
      expectSame(event("user_joined", data));
      expectSame({ ...ack(data), id });
      expectSame({ ...ack(), id });
      expectSame({ type: PacketType.CONNECT_ERROR, nsp: "/", data: { message: "refused", data } });
      expectSame({ type: PacketType.EVENT, nsp: "/other", data: ["x", data] });
    };
    fc.assert(fc.property(fc.jsonValue(), fc.nat(), check));
    expectSame({ type: PacketType.DISCONNECT, nsp: "/" });
  });
});

describe("messages shared by several responses", () => {
  const text = fc.string({ unit: "grapheme" });
  const shared = fc.record({
    texts: fc.array(text, { minLength: 1, maxLength: 6 }),
    from: fc.nat(6),
    to: fc.nat(7),
    rest: fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }),
  });

  it("are the same in every response as from Socket.IO's own encoder, as text and as a WebSocket frame", () => {
    const check = ({ texts, from, to, rest }: { texts: string[]; from: number; to: number; rest: object }): void => {
      const list = shareList(texts.map((one, place) => ({ id: `${place}`, text: one }) as unknown as MessageDto));
      for (let answers = 0; answers < 3; answers += 1) {
        const packet = ack({ ok: true, data: { ...rest, messages: partOf(list, from, to) } });
        const [encoded] = ours.encode(packet) as unknown as [string | ChunkedText];
        expect(read([`${encoded}`])).toEqual(read(stock.encode(packet)));
        if (typeof encoded === "string") continue;
        expect(Buffer.concat(encoded.toFrame()).equals(frameOf(`${encoded}`))).toBe(true);
        expect(encoded.length).toBe(Buffer.byteLength(`${encoded}`));
      }
    };
    fc.assert(fc.property(shared, check));
  });

  it("are encoded separately for the first response, and once for all further ones", () => {
    const list = shareList(["a", "b", "c"].map((one) => ({ id: one, text: one }) as unknown as MessageDto));
    const encode = (from: number) => ours.encode(ack({ ok: true, data: { messages: partOf(list, from, 3) } }))[0] as unknown;
    expect([encode(0), encode(1), encode(2), encode(3)].map((one) => one instanceof ChunkedText)).toEqual([false, true, true, false]);
    expect(sharedTextOf(partOf(list, 1, 2))?.buffer).toBe(sharedTextOf(partOf(list, 0, 3))?.buffer);
  });
});

it("frames of a text: equal those of ws, for any length and script", () => {
  for (const unit of ["a", "é", "日", "😀"]) {
    for (const length of [0, 1, 62, 63, 123, 124, 125, 126, 127, 16_382, 32_767, 65_533, 65_534, 65_535, 65_536, 70_000]) {
      const text = unit.repeat(length);
      const parts = Sender.frame(Buffer.from(`4${text}`), { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false });
      expect(frameOf(text).equals(Buffer.concat(parts))).toBe(true);
    }
  }
});
