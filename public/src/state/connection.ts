import { effect, signal } from "@preact/signals";
import type { Problem } from "../../../utils/contract/errors.ts";
import type { CommandInput, CommandName, CommandOutput } from "../../../utils/contract/events.ts";
import { credentials, Refusal } from "../api.ts";
import { type ChatSocket, command, connectFailure, openSocket } from "../socket.ts";
import { tell } from "./facts.ts";
import { dropAllLogs, renameInLogs } from "./held-rooms.ts";
import { pulse } from "./pulse.ts";
import { dropSession, isReplacing, rename, renew, session } from "./session.ts";

/** `idle` before anybody needs the line. */
export const line = signal<"idle" | "connecting" | "online" | "reconnecting" | "offline">("idle");
/** What the server said when it ended the session. */
export const endedBy = signal<Partial<Problem> | null>(null);

const arrivals = new Set<() => void>();

let socket: ChatSocket | null = null;
/** The token the server knows the current socket by. */
let shownToken: string | null = null;
let attempt = 0;
let triedAt = 0;
let generation = 0;
let retry: ReturnType<typeof setTimeout> | undefined;
let isWanted = false;

/** Called after every (re)connection. Answers how to stop. */
export function onConnected(run: () => void): () => void {
  arrivals.add(run);
  return () => arrivals.delete(run);
}

/**
 * Sends a command over the current line.
 * @throws Refusal; `network` when there is no line or no answer
 */
export async function send<Name extends CommandName>(
  name: Name,
  input: CommandInput<Name>,
  timeoutMs = 5_000,
): Promise<CommandOutput<Name>> {
  if (!socket) throw new Refusal("network");
  return command(socket, name, { input, timeoutMs });
}

const backOffMs = (): number => 500 * Math.random() + Math.random() * Math.min(30_000, 500 * 2 ** attempt);

function scheduleRetry(afterMs: number): void {
  clearTimeout(retry);
  if (!isWanted) return;
  line.value = navigator.onLine ? (line.value === "connecting" ? "connecting" : "reconnecting") : "offline";
  retry = setTimeout(() => void connect(), afterMs);
  attempt += 1;
}

/** Another session has taken this one's place, or is about to: its end is no end of being signed in. */
const isReplaced = (): boolean => isReplacing() || shownToken !== credentials.token;

function ended(problem: Problem): void {
  if (problem.code === "banned") banned();
  else if (isReplaced()) reconnect();
  else {
    endedBy.value = problem;
    dropSession("ended");
  }
}

/** A ban closes the line, but not the session: its bearer may still see why, take their data along, and leave. */
function banned(): void {
  close();
  clearTimeout(retry);
  line.value = "idle";
  credentials.banned();
}

function listen(next: ChatSocket): void {
  next.onAny(tell);
  next.on("session_ended", ended);
  next.on("user_changed", ({ user }) => {
    rename(user);
    renameInLogs(user);
  });
  next.on("server_draining", ({ reconnectAfterMs }) => {
    close();
    scheduleRetry(reconnectAfterMs * (0.75 + Math.random() / 2));
  });
}

function close(): void {
  generation += 1;
  pulse.stop();
  socket?.removeAllListeners();
  socket?.offAny();
  socket?.disconnect();
  socket = null;
}

async function refused(error: unknown): Promise<void> {
  const code = connectFailure(error);
  if (code === "banned") return banned();
  if (code === "session_revoked" && !isReplaced()) return dropSession("ended");
  if (code === "token_expired" || code === "unauthenticated") await renew();
  if (session.value) scheduleRetry(backOffMs());
}

function arrived(): void {
  attempt = 0;
  endedBy.value = null;
  line.value = "online";
  pulse.start();
  for (const run of arrivals) run();
}

/** Opens a new socket in place of whatever there was. */
async function connect(): Promise<void> {
  clearTimeout(retry);
  triedAt = Date.now();
  close();
  const mine = generation;
  if (!credentials.token) return;
  if (line.value === "idle") line.value = "connecting";
  shownToken = credentials.token;
  const next = await openSocket(shownToken).catch(() => null);
  if (mine !== generation) return void next?.disconnect();
  if (!next) return scheduleRetry(backOffMs());
  socket = next;
  listen(next);
  next.on("connect", arrived);
  next.on("connect_error", (error) => {
    close();
    void refused(error);
  });
  next.on("disconnect", () => {
    close();
    if (session.value) scheduleRetry(Math.random() * 500);
  });
}

/** The line is in doubt: a fresh socket at once, whatever the old one says. */
function reconnect(): void {
  if (!isWanted || !session.value) return;
  attempt = 0;
  if (line.value === "online") line.value = "reconnecting";
  void connect();
}

/** Somebody acts: while the line is down and the wait is long, try now. */
export function nudge(): void {
  if (line.value === "reconnecting" && socket === null && Date.now() - triedAt > 1_000) void connect();
}

pulse.configure({
  beat: (status, timeoutMs) => send("heartbeat", { status }, timeoutMs),
  broken: reconnect,
  isDown: () => socket === null || !socket.connected,
});

window.addEventListener("offline", () => {
  if (isWanted) line.value = "offline";
});
window.addEventListener("online", reconnect);

async function showToken(token: string): Promise<void> {
  if (!socket?.connected) return;
  try {
    await send("renew_token", { token });
    shownToken = token;
  } catch {
    reconnect();
  }
}

/** From now on there is a line whenever there is a session. */
export function keepConnected(): void {
  if (isWanted) return;
  isWanted = true;
  let bearer: string | null = null;
  effect(() => {
    const next = session.value;
    if (next && bearer === next.user.id) {
      if (shownToken !== next.accessToken) void showToken(next.accessToken);
      return;
    }
    bearer = next?.user.id ?? null;
    dropAllLogs();
    close();
    clearTimeout(retry);
    line.value = "idle";
    if (next) void connect();
  });
}
