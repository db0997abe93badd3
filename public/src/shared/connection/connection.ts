import { effect, signal } from "@preact/signals";
import { io } from "socket.io-client";
import type { ApiError } from "../../../../utils/client/api-error.ts";
import { type ChatSocket, socketOptions } from "../../../../utils/client/connection/command.ts";
import { type ConnectionState, createConnection } from "../../../../utils/client/connection/connection.ts";
import { credentials } from "../../api.ts";
import { dropAllLogs, renameInLogs } from "../../features/room/room-cache.ts";
import { isReplacing, rename, renew, session } from "../../features/session/session.ts";
import { presence, watchPresence } from "../../features/session/user-activity.ts";
import { onServerEvent, publishServerEvent } from "./server-events.ts";

/** `idle` until a connection is needed. */
export const connectionState = signal<ConnectionState>("idle");

/** This module, and with it the library, is loaded with the chat code: the lobby needs neither. */
const openSocket = async (token: string): Promise<ChatSocket> => io({ ...socketOptions, auth: { token } });

/**
 * Checks whether the session is really over after the server reported it. Another tab may have exchanged it for a new one that is not known
 * here yet; only the cookie shows that, and data of a user who stays must not be deleted.
 */
async function confirmEnd(): Promise<void> {
  if ((await renew()) !== null && connectionState.peek() === "idle") connection.start();
}

/** A ban closes the connection, but not the session: the user may still see why, export their data, and sign out. */
const onSessionEnd = ({ code }: ApiError): void => (code === "banned" ? credentials.banned() : void confirmEnd());

const connection = createConnection({
  state: connectionState,
  onSessionEnd,
  renew,
  open: openSocket,
  token: () => credentials.token,
  status: presence,
  hasNetwork: () => navigator.onLine,
  isReplaced: (shown) => isReplacing() || shown !== credentials.token,
  onEvent: publishServerEvent,
});

export const { send, onConnected, reconnect, reconnectNow, pulse } = connection;

onServerEvent("user_changed", ({ user }) => {
  rename(user);
  renameInLogs(user);
});

window.addEventListener("offline", () => {
  if (connectionState.value !== "idle") connectionState.value = "offline";
});
window.addEventListener("online", connection.reconnect);
watchPresence(connection);
effect(() => {
  document.documentElement.dataset.line = connectionState.value;
});

let isWanted = false;

/** Keeps a connection open from now on whenever there is a session. */
export function keepConnected(): void {
  if (isWanted) return;
  isWanted = true;
  let bearer: string | null = null;
  effect(() => {
    const next = session.value;
    if (next && bearer === next.user.id)
      return void (connectionState.peek() === "idle" ? connection.start() : connection.showToken(next.accessToken));
    bearer = next?.user.id ?? null;
    dropAllLogs();
    connection.stop();
    if (next) connection.start();
  });
}
