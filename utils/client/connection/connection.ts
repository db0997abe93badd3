import type { Problem } from "../../contract/errors.ts";
import type { ServerEventName } from "../../contract/events.ts";
import { ApiError } from "../api-error.ts";
import { backoffMs } from "./backoff.ts";
import { type ChatSocket, command, connectError, type Send } from "./command.ts";
import type { Connection, ConnectionParts } from "./connection-parts.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { createResponseWatch } from "./response-watch.ts";

export type { Connection, ConnectionState } from "./connection-parts.ts";

/** Backoff step after which a client cut off for being slow comes back: the server was under load, and all that it cut come at once. */
const RESYNC_STEP = 2;

/** Refusals that a fresh token takes away. */
const isStale = ({ code }: ApiError): boolean => code === "token_expired" || code === "unauthenticated";

export function createConnection(parts: ConnectionParts): Connection {
  const { state, random = Math.random } = parts;
  const arrivals = new Set<() => void>();
  let socket: ChatSocket | null = null;
  /** The token the server knows the current socket by. */
  let shown: string | null = null;
  let [attempt, triedAt, generation] = [0, 0, 0];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;

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

  const halt = (): void => {
    close();
    clearTimeout(retry);
    state.value = "idle";
  };

  const scheduleRetry = (afterMs: number): void => {
    clearTimeout(retry);
    if (!isWanted || parts.token() === null) return;
    state.value = parts.hasNetwork() ? (state.value === "connecting" ? "connecting" : "reconnecting") : "offline";
    retry = setTimeout(() => void connect(), afterMs);
    attempt += 1;
  };

  const over = (refusal: ApiError): void => {
    halt();
    parts.onSessionEnd(refusal);
  };

  const refused = async (refusal: ApiError): Promise<void> => {
    const mine = generation;
    if (refusal.code === "banned") return over(refusal);
    if (refusal.code === "session_revoked" && !parts.isReplaced(shown)) return over(refusal);
    if (isStale(refusal)) await parts.renew();
    if (parts.token() === null) return void (state.value !== "idle" && over(refusal));
    if (mine === generation) scheduleRetry(backoffMs(attempt, { atLeastMs: refusal.retryAfterMs ?? 0, random }));
  };

  /** The server has ended the session. A line that was too slow, or whose token ran out unseen, is opened anew. */
  const ended = (problem: Problem): void => {
    const refusal = new ApiError(problem.code, problem);
    if (problem.code === "resync") {
      close();
      scheduleRetry(backoffMs(RESYNC_STEP, { random }));
    } else if (problem.code !== "banned" && parts.isReplaced(shown)) reconnect();
    else if (isStale(refusal)) {
      close();
      void refused(refusal);
    } else over(refusal);
  };

  const isConnected = (): void => {
    state.value = "online";
    for (const run of arrivals) run();
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
    next.on("connect_error", (error) => {
      close();
      void refused(connectError(error));
    });
    next.on("disconnect", () => {
      close();
      scheduleRetry(backoffMs(0, { random }));
    });
  };

  /** Opens a new socket in place of whatever there was. */
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
    if (!isWanted || parts.token() === null) return;
    attempt = 0;
    if (state.value === "online") state.value = "reconnecting";
    void connect();
  };

  const pulse = createHeartbeat({
    beat: (timeoutMs) => send("heartbeat", { status: parts.status() }, timeoutMs),
    broken: reconnect,
    isDown,
    patienceMs: () => watch.patienceMs(),
  });

  // The socket is kept while the server only seems to hang: if every page opened a new one, a short stall would end in a rush of connections.
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
      isWanted = true;
      void connect();
    },
    stop: () => {
      isWanted = false;
      halt();
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
      arrivals.add(run);
      return () => arrivals.delete(run);
    },
  };
}
