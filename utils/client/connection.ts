import type { Problem } from "../contract/errors.ts";
import type { FactName } from "../contract/events.ts";
import { type ChatSocket, command, connectRefusal, type Send } from "./command.ts";
import { createPulse, type Pulse } from "./pulse.ts";
import { Refusal } from "./refusal.ts";
import type { Value } from "./value.ts";

/** `idle` while nobody needs the line; `offline` when the device itself has no network. */
export type LineState = "idle" | "connecting" | "online" | "reconnecting" | "offline";

export type ConnectionParts = {
  readonly line: Value<LineState>;
  /** Opens a socket that shows this token; the connection waits for its `connect` itself. */
  open(token: string): Promise<ChatSocket>;
  /** The token to show now; null when there is nobody to speak for. */
  token(): string | null;
  /** A fresh token, or null; when the session is over, `token()` is null from then on. */
  renew(): Promise<string | null>;
  status(): "online" | "away";
  hasNetwork(): boolean;
  /** Whether another session has taken the place of the one that showed this token, or is about to: its end is no news then. */
  isReplaced(shown: string | null): boolean;
  /** The session is over, or its bearer banned: the line is closed, and stays so until `start`. */
  over(refusal: Refusal): void;
  heard(name: FactName, payload: unknown): void;
};

/** One line to the server, opened anew whenever it is lost for as long as it is wanted. */
export type Connection = {
  readonly send: Send;
  readonly pulse: Pulse;
  start(): void;
  stop(): void;
  /** The line is in doubt: a fresh socket at once, whatever the old one says. */
  reconnect(): void;
  /** Somebody acts: while the line is down and the wait is long, try now. */
  nudge(): void;
  /** Lets the present socket outlive its token. */
  showToken(token: string): Promise<void>;
  /** Called after every (re)connection. Answers how to stop. */
  onConnected(run: () => void): () => void;
  isDown(): boolean;
};

const backOffMs = (attempt: number): number => 500 * Math.random() + Math.random() * Math.min(30_000, 500 * 2 ** attempt);

/** Refusals that a fresh token takes away. */
const isStale = ({ code }: Refusal): boolean => code === "token_expired" || code === "unauthenticated";

export function createConnection(parts: ConnectionParts): Connection {
  const { line } = parts;
  const arrivals = new Set<() => void>();
  let socket: ChatSocket | null = null;
  /** The token the server knows the current socket by. */
  let shown: string | null = null;
  let [attempt, triedAt, generation] = [0, 0, 0];
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;

  const send: Send = async (name, input, timeoutMs = 5_000) => {
    if (!socket) throw new Refusal("network");
    return command(socket, name, { input, timeoutMs });
  };

  const isDown = (): boolean => socket === null || !socket.connected;

  const close = (): void => {
    generation += 1;
    pulse.stop();
    socket?.removeAllListeners();
    socket?.offAny();
    socket?.disconnect();
    socket = null;
  };

  const halt = (): void => {
    close();
    clearTimeout(retry);
    line.value = "idle";
  };

  const scheduleRetry = (afterMs: number): void => {
    clearTimeout(retry);
    if (!isWanted || parts.token() === null) return;
    line.value = parts.hasNetwork() ? (line.value === "connecting" ? "connecting" : "reconnecting") : "offline";
    retry = setTimeout(() => void connect(), afterMs);
    attempt += 1;
  };

  const over = (refusal: Refusal): void => {
    halt();
    parts.over(refusal);
  };

  const refused = async (refusal: Refusal): Promise<void> => {
    const mine = generation;
    if (refusal.code === "banned") return over(refusal);
    if (refusal.code === "session_revoked" && !parts.isReplaced(shown)) return over(refusal);
    if (isStale(refusal)) await parts.renew();
    if (parts.token() === null) return void (line.value !== "idle" && over(refusal));
    if (mine === generation) scheduleRetry(Math.max(backOffMs(attempt), refusal.retryAfterMs ?? 0));
  };

  /** The server has ended the session. A line that was too slow, or whose token ran out unseen, is opened anew. */
  const ended = (problem: Problem): void => {
    const refusal = new Refusal(problem.code, problem);
    const goesOn = problem.code === "resync" || (problem.code !== "banned" && parts.isReplaced(shown));
    if (goesOn) reconnect();
    else if (isStale(refusal)) {
      close();
      void refused(refusal);
    } else over(refusal);
  };

  const listen = (next: ChatSocket): void => {
    next.onAny(parts.heard);
    next.on("session_ended", ended);
    next.on("server_draining", ({ reconnectAfterMs }) => {
      close();
      scheduleRetry(reconnectAfterMs * (0.75 + Math.random() / 2));
    });
    next.on("connect", () => {
      attempt = 0;
      line.value = "online";
      pulse.start();
      for (const run of arrivals) run();
    });
    next.on("connect_error", (error) => {
      close();
      void refused(connectRefusal(error));
    });
    next.on("disconnect", () => {
      close();
      scheduleRetry(Math.random() * 500);
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
    if (line.value === "idle") line.value = "connecting";
    const next = await parts.open(shown).catch(() => null);
    if (mine !== generation) return void next?.disconnect();
    if (!next) return scheduleRetry(backOffMs(attempt));
    socket = next;
    listen(next);
  };

  const reconnect = (): void => {
    if (!isWanted || parts.token() === null) return;
    attempt = 0;
    if (line.value === "online") line.value = "reconnecting";
    void connect();
  };

  const pulse = createPulse({
    beat: (timeoutMs) => send("heartbeat", { status: parts.status() }, timeoutMs),
    broken: reconnect,
    isDown,
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
    nudge: () => {
      if (line.value === "reconnecting" && socket === null && Date.now() - triedAt > 1_000) void connect();
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
