import fc from "fast-check";
import { Decoder, Encoder, type Packet, PacketType } from "socket.io-parser";
import { describe, expect, it } from "vitest";
import * as ws from "ws";
import { OnceEncoder } from "../../../routes/socket/encoder.ts";
import { frameOf } from "../../../routes/socket/frame.ts";

// The types of ws leave it out.
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };

const [ours, stock] = [new OnceEncoder(), new Encoder()];

/** What a client makes of encoded packets. */
function read(encoded: string[]): Packet[] {
  const [decoder, packets] = [new Decoder(), [] as Packet[]];
  decoder.on("decoded", (packet) => packets.push(packet));
  for (const piece of encoded) decoder.add(piece);
  return packets;
}

const expectSame = (packet: Packet): void => expect(read(ours.encode(packet))).toEqual(read(stock.encode(packet)));

const message = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());
const event = (...data: unknown[]): Packet => ({ type: PacketType.EVENT, nsp: "/", data });
const ack = (...data: unknown[]): Packet => ({ type: PacketType.ACK, nsp: "/", id: 7, data });

describe("the encoder says what Socket.IO's own would say", () => {
  it("of a telling, and of the acks that carry its messages", () => {
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

  it("of any other event, ack and answer to an entry", () => {
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

it("frames a text as ws would, whatever its length and script", () => {
  for (const unit of ["a", "é", "日", "😀"]) {
    for (const length of [0, 1, 62, 63, 123, 124, 125, 126, 127, 16_382, 32_767, 65_533, 65_534, 65_535, 65_536, 70_000]) {
      const text = unit.repeat(length);
      const parts = Sender.frame(Buffer.from(`4${text}`), { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: false });
      expect(frameOf(text).equals(Buffer.concat(parts))).toBe(true);
    }
  }
});
