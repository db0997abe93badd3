import type { Server, Socket } from "socket.io";
import type { ClientToServer, ServerToClient } from "../../utils/contract/events.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { SendOrder } from "../messages/writer/send-order.ts";

/** What the server remembers of a socket. Who acts is loaded anew for every command; only ids are kept here. */
export type SocketData = {
  /** The name as it was at connect, to say who went; never who acts. */
  author: AuthorDto;
  /** Whether the person wanted to be unseen at connect. */
  isInvisible: boolean;
  sessionId: string;
  address: string;
  userAgent: string | null;
  acceptLanguage: string | undefined;
  tokenExpiresAt: number;
  /** As what its token lets the socket act; the person may be more since. */
  tokenKind: AuthorDto["kind"];
  /** Refusals for haste since the last calm second; a socket that goes on is cut. */
  refusals: number;
  /** The order of its messages; made with the first of them, since most sockets only listen. */
  sendOrder: SendOrder | null;
};

type NoEvents = Record<string, never>;

export type ChatServer = Server<ClientToServer, ServerToClient, NoEvents, SocketData>;
export type ChatSocket = Socket<ClientToServer, ServerToClient, NoEvents, SocketData>;
