import type { Server, Socket } from "socket.io";
import type { ClientToServer, ServerToClient } from "../../utils/contract/events.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { SendOrder } from "../messages/writer/send-order.ts";

/** The server's state of a socket. The actor is loaded for every command; only ids are kept here. */
export type SocketData = {
  /** The name at connection time, for leave events; never used as the actor. */
  author: AuthorDto;
  /** Whether the user was invisible at connection time. */
  isInvisible: boolean;
  sessionId: string;
  address: string;
  userAgent: string | null;
  acceptLanguage: string | undefined;
  tokenExpiresAt: number;
  /** The kind of user in the socket's token; the user may have been upgraded since. */
  tokenKind: AuthorDto["kind"];
  /** Commands rejected by the rate limit in the current second; a socket with too many is disconnected. */
  rejections: number;
  /** The order of its messages; created with the first message, because most sockets only receive. */
  sendOrder: SendOrder | null;
};

type NoEvents = Record<string, never>;

export type ChatServer = Server<ClientToServer, ServerToClient, NoEvents, SocketData>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, NoEvents, SocketData>;
