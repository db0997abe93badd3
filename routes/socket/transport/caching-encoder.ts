import { Encoder, PacketType } from "socket.io-parser";
import { sharedTextOf } from "../../../services/messages/sync/list-text.ts";
import { ChunkedText } from "./chunked-text.ts";

type Packet = { type: PacketType; nsp: string; id?: number; data?: unknown };

type EventPacket = { messages: readonly object[] };

const isEventPacket = (data: unknown): data is [string, EventPacket] => Array.isArray(data) && data[0] === "messages_changed";

/** The encoded messages published in this iteration of the event loop, for the acks that contain the same messages. */
let encodedEvents = new Map<object, string>();

function textOf(message: object): string {
  const known = encodedEvents.get(message);
  if (known !== undefined) return known;
  if (encodedEvents.size === 0)
    setImmediate(() => {
      encodedEvents = new Map();
    });
  const text = JSON.stringify(message);
  encodedEvents.set(message, text);
  return text;
}

/** Encodes the payload with its messages, which may be encoded already. */
function eventText([name, payload]: [string, EventPacket]): string {
  const rest = JSON.stringify({ ...payload, messages: undefined }).slice(0, -1);
  return `["${name}",${rest}${rest === "{" ? "" : ","}"messages":[${payload.messages.map(textOf).join()}]}]`;
}

/** Returns the encoded message of an author's ack, `[{ ok: true, data: { message } }]`, if it was just published to the room. */
function encodedInAck(data: unknown): string | undefined {
  if (encodedEvents.size === 0 || !Array.isArray(data)) return undefined;
  const [answer] = data as [{ ok?: unknown; data?: { message?: object } } | undefined];
  const result = answer?.ok === true ? answer.data : undefined;
  return result?.message !== undefined && Object.keys(result).length === 1 ? encodedEvents.get(result.message) : undefined;
}

/**
 * Encodes an ack `[{ ok: true, data: { messages, … } }]` whose messages are shared with other acks: these are encoded once for all of
 * them.
 */
function ackInChunks({ type, id, data }: Packet): ChunkedText | undefined {
  if (type !== PacketType.ACK || !Array.isArray(data)) return undefined;
  const [answer] = data as [{ ok?: unknown; data?: { messages?: unknown } } | undefined];
  const result = answer?.ok === true ? answer.data : undefined;
  const shared = Array.isArray(result?.messages) ? sharedTextOf(result.messages as object[]) : undefined;
  if (shared === undefined) return undefined;
  const rest = JSON.stringify({ ...result, messages: undefined }).slice(1);
  return new ChunkedText(`${type}${id ?? ""}[{"ok":true,"data":{"messages":[`, shared, `]${rest === "}" ? "" : ","}${rest}}]`);
}

function dataText({ type, data }: Packet): string {
  if (type === PacketType.EVENT && isEventPacket(data)) return eventText(data);
  const message = type === PacketType.ACK ? encodedInAck(data) : undefined;
  return message === undefined ? JSON.stringify(data) : `[{"ok":true,"data":{"message":${message}}}]`;
}

/**
 * Socket.IO's encoder for the packets of this server. A message is encoded once, for the room and for its author's ack; and since no
 * payload contains binary data, none is searched for. Both together were a tenth of a message's cost.
 */
export class OnceEncoder extends Encoder {
  override encode(packet: Packet): ReturnType<Encoder["encode"]> {
    const isPlain = (packet.type === PacketType.EVENT || packet.type === PacketType.ACK) && packet.nsp === "/";
    const chunked = isPlain ? ackInChunks(packet) : undefined;
    // Engine.IO treats it as a string.
    if (chunked !== undefined) return [chunked as unknown as string];
    return isPlain ? [`${packet.type}${packet.id ?? ""}${dataText(packet)}`] : super.encode(packet);
  }
}
