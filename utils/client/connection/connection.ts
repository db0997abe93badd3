import type { Problem } from "../../contract/errors.ts";
import type { ServerEventName } from "../../contract/events.ts";
import { ApiError } from "../api-error.ts";
import { backoffMs } from "./backoff.ts";
import { type ChatSocket, command, connectError, type Send } from "./command.ts";
import type { Connection, ConnectionParts } from "./connection-parts.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createResponseWatch } from "./response-watch.ts";

export type { Connection, ConnectionState } from "./connection-parts.ts";

/**
 * The backoff step after which a client disconnected for reading too slowly reconnects: the server was under load, and all clients it
 * disconnected reconnect at the same time.
 */
const RESYNC_STEP = 2;

/** Whether a new token may resolve the error. */
const isStale = ({ code }: ApiError): boolean => code === "token_expired" || code === "unauthenticated";

/** Creates a connection, which is idle until `start`. */
export function createConnection(parts: ConnectionParts): Connection {
  const { state, random = Math.random } = parts;
  const connectedListeners = new Set<() => void>();
  let socket: ChatSocket | null = null;
  /** The token the server has accepted for the current socket. */
  let shown: string | null = null;
  let attempt = 0;
  let triedAt = 0;
  let generation = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStarted = false;

  const send: Send = async (name, input, timeoutMs = 5_000) => {
    const mine = socket;
    if (!mine) throw new ApiError("network");
    return watch.during(() => command(mine, name, { input, timeoutMs }));
  };

  const isDown = (): boolean => socket === null || !socket.connected;

  const close = (): void => {
    generation += 1;
    watch.reset();
    pulse.stop();
    socket?.removeAllListeners();
    socket?.offAny();
    socket?.disconnect();
    socket = null;
  };

  const cancelTimers = (): void => {
    close();
    clearTimeout(retry);
    state.value = "idle";
  };

  const scheduleRetry = (afterMs: number): void => {
    clearTimeout(retry);
    if (!isStarted || parts.token() === null) return;
    state.value = parts.hasNetwork() ? (state.value === "connecting" ? "connecting" : "reconnecting") : "offline";
    retry = setTimeout(() => void connect(), afterMs);
    attempt += 1;
  };

  const over = (error: ApiError): void => {
    cancelTimers();
    parts.onSessionEnd(error);
  };

  const handleError = async (error: ApiError): Promise<void> => {
    const mine = generation;
    if (error.code === "banned") return over(error);
    if (error.code === "session_revoked" && !parts.isReplaced(shown)) return over(error);
    if (isStale(error)) await parts.renew();
    if (parts.token() === null) return void (state.value !== "idle" && over(error));
    if (mine === generation) scheduleRetry(backoffMs(attempt, { atLeastMs: error.retryAfterMs ?? 0, random }));
  };

  /** Handles the end of the session by the server. Reconnects if the client was too slow or the token expired. */
  const ended = (problem: Problem): void => {
    const error = new ApiError(problem.code, problem);
    if (problem.code === "resync") {
      close();
      scheduleRetry(backoffMs(RESYNC_STEP, { random }));
    } else if (problem.code !== "banned" && parts.isReplaced(shown)) reconnect();
    else if (isStale(error)) {
      close();
      void handleError(error);
    } else over(error);
  };

  const isConnected = (): void => {
    state.value = "online";
    for (const run of connectedListeners) run();
  };

  const listen = (next: ChatSocket): void => {
    next.onAny((name: ServerEventName, payload: unknown) => {
      watch.received();
      parts.onEvent(name, payload);
    });
    next.on("session_ended", ended);
    next.on("server_draining", ({ reconnectAfterMs }) => {
      close();
      scheduleRetry(reconnectAfterMs * (1 + random() / 2));
    });
    next.on("connect", () => {
      attempt = 0;
      watch.measured(Date.now() - triedAt);
      pulse.start();
      isConnected();
    });
    next.on("connect_error", (reason) => {
      close();
      void handleError(connectError(reason));
    });
    next.on("disconnect", () => {
      close();
      scheduleRetry(backoffMs(0, { random }));
    });
  };

  /** Closes the current socket and opens a new one. */
  const connect = async (): Promise<void> => {
    clearTimeout(retry);
    triedAt = Date.now();
    close();
    const mine = generation;
    shown = parts.token();
    if (shown === null) return;
    if (state.value === "idle") state.value = "connecting";
    const next = await parts.open(shown).catch(() => null);
    if (mine !== generation) return void next?.disconnect();
    if (!next) return scheduleRetry(backoffMs(attempt, { random }));
    socket = next;
    listen(next);
  };

  const reconnect = (): void => {
    if (!isStarted || parts.token() === null) return;
    attempt = 0;
    if (state.value === "online") state.value = "reconnecting";
    void connect();
  };

  const pulse = createHeartbeat({
    beat: (timeoutMs) => send("heartbeat", { status: parts.status() }, timeoutMs),
    broken: reconnect,
    isDown,
    timeoutMs: () => watch.timeoutMs(),
  });

  // Keep the socket while the server stalls: if every page opened a new one, a short stall would cause a rush of connections.
  const watch = createResponseWatch({
    probe: () => void pulse.beat(),
    stalled: () => {
      if (state.value === "online") state.value = "reconnecting";
    },
    resumed: () => {
      if (state.value === "reconnecting" && !isDown()) isConnected();
    },
  });

  return {
    send,
    pulse,
    reconnect,
    isDown,
    start: () => {
      isStarted = true;
      void connect();
    },
    stop: () => {
      isStarted = false;
      cancelTimers();
    },
    reconnectNow: () => {
      if (state.value === "reconnecting" && socket === null && Date.now() - triedAt > 1_000) void connect();
    },
    showToken: async (token) => {
      if (shown === token || isDown()) return;
      try {
        await send("renew_token", { token });
        shown = token;
      } catch {
        reconnect();
      }
    },
    onConnected: (run) => {
      connectedListeners.add(run);
      return () => connectedListeners.delete(run);
    },
  };
}
