import { io, type Socket } from "socket.io-client";
import type { Ack, ClientToServer, ServerToClient } from "../../utils/contract/events.ts";
import { newId } from "../../utils/ids.ts";
import { createRest } from "../support/client.ts";

type Line = Socket<ServerToClient, ClientToServer>;
const IN_FLIGHT = 200;

async function connected(url: string, token: string): Promise<Line> {
  const socket: Line = io(url, { auth: { token }, transports: ["websocket"], reconnection: false });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  return socket;
}

/** Creates a guest without a page who writes through the socket. */
export async function writer(url: string, name: string, roomId: string) {
  const rest = createRest(url);
  const { accessToken } = await rest.guest(name);
  const socket = await connected(url, accessToken);
  const granted = <Data>(answer: Ack<Data>): Data => {
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.data;
  };
  granted(await socket.timeout(5_000).emitWithAck("join_room", { roomId }));
  const say = async (text: string) =>
    granted(await socket.timeout(10_000).emitWithAck("send_message", { roomId, clientMessageId: newId(), text }));
  return {
    say,
    /** Sends many messages with bounded concurrency. */
    sayAll: async (texts: readonly string[]) => {
      for (let at = 0; at < texts.length; at += IN_FLIGHT) await Promise.all(texts.slice(at, at + IN_FLIGHT).map(say));
    },
    leave: () => socket.disconnect(),
  };
}
