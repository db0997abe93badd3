import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChatSocket } from "../../../utils/client/connection/command.ts";
import { type Connection, type ConnectionState, createConnection } from "../../../utils/client/connection/connection.ts";
import { limits } from "../../../utils/contract/limits.ts";

type Command = { name: string; ack: (answer: unknown) => void };

/** The server end of a socket: answers every command after `delayMs`, or never while it hangs. */
type FakeServer = { delayMs: number; isHanging: boolean; readonly commands: string[]; opened: number; event(): void; resume(): void };

let server: FakeServer;
let lines: ConnectionState[];
let connection: Connection;
let connected: number;

/** Implements the part of a socket.io-client socket that the connection uses. */
function fakeSocket(unanswered: Command[], announce: Set<() => void>): ChatSocket {
  const listeners = new Map<string, (...args: unknown[]) => void>();
  const socket = {
    connected: false,
    on: (name: string, run: (...args: unknown[]) => void) => listeners.set(name, run),
    onAny: (run: (name: string, payload: unknown) => void) => announce.add(() => run("user_changed", {})),
    offAny: () => announce.clear(),
    removeAllListeners: () => listeners.clear(),
    disconnect: () => {
      socket.connected = false;
    },
    timeout: (timeoutMs: number) => ({
      emitWithAck: (name: string) =>
        new Promise((resolve, reject) => {
          server.commands.push(name);
          setTimeout(() => reject(new Error("timeout")), timeoutMs);
          if (server.isHanging) unanswered.push({ name, ack: resolve });
          else setTimeout(() => resolve({ ok: true, data: { heads: {} } }), server.delayMs);
        }),
    }),
  };
  const connect = (): void => {
    if (server.isHanging) return;
    socket.connected = true;
    listeners.get("connect")?.();
  };
  setTimeout(connect, server.delayMs);
  return socket as unknown as ChatSocket;
}

beforeEach(async () => {
  vi.useFakeTimers();
  const unanswered: Command[] = [];
  const announce = new Set<() => void>();
  server = {
    delayMs: 20,
    isHanging: false,
    commands: [],
    opened: 0,
    event: () => {
      for (const run of announce) run();
    },
    resume: () => {
      server.isHanging = false;
      for (const { ack } of unanswered.splice(0)) ack({ ok: true, data: { heads: {} } });
    },
  };
  lines = [];
  connected = 0;
  let state: ConnectionState = "idle";
  const line = {
    get value() {
      return state;
    },
    set value(next: ConnectionState) {
      if (next !== state) lines.push(next);
      state = next;
    },
  };
  connection = createConnection({
    state: line,
    token: () => "token",
    renew: async () => "token",
    status: () => "online" as const,
    hasNetwork: () => true,
    isReplaced: () => false,
    onSessionEnd: () => undefined,
    onEvent: () => undefined,
    open: async () => {
      server.opened += 1;
      return fakeSocket(unanswered, announce);
    },
  });
  connection.onConnected(() => {
    connected += 1;
  });
});

afterEach(() => {
  connection.stop();
  vi.useRealTimers();
});

const connect = async (): Promise<void> => {
  connection.start();
  await vi.advanceTimersByTimeAsync(server.delayMs + 1);
  lines.length = 0;
};

const send = (): Promise<unknown> => connection.send("typing_start", { roomId: "room" }).catch(() => null);

describe("a server that hangs", () => {
  it("is reported within 3 s of the first unanswered command, after one probe over the same socket", async () => {
    await connect();
    server.isHanging = true;
    void send();
    await vi.advanceTimersByTimeAsync(1_999);
    expect([server.commands, lines]).toEqual([["typing_start"], []]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([server.commands, lines, server.opened]).toEqual([["typing_start", "heartbeat"], ["reconnecting"], 1]);
  });

  it("is reported as recovered as soon as it answers, and waiting callers are notified", async () => {
    await connect();
    server.isHanging = true;
    void send();
    await vi.advanceTimersByTimeAsync(3_000);
    const before = connected;
    server.resume();
    await vi.advanceTimersByTimeAsync(0);
    expect([lines, connected, server.opened]).toEqual([["reconnecting", "online"], before + 1, 1]);
  });

  it("is reported again when it hangs again", async () => {
    await connect();
    for (let round = 0; round < 2; round += 1) {
      server.isHanging = true;
      void send();
      await vi.advanceTimersByTimeAsync(3_000);
      server.resume();
      await vi.advanceTimersByTimeAsync(0);
      for (let at = 0; at < 3; at += 1) {
        void send();
        await vi.advanceTimersByTimeAsync(server.delayMs);
      }
    }
    expect(lines).toEqual(["reconnecting", "online", "reconnecting", "online"]);
  });

  it("gets a new socket when it is still silent 10 s after the probe", async () => {
    await connect();
    server.isHanging = true;
    void send();
    await vi.advanceTimersByTimeAsync(11_999);
    expect(server.opened).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect([server.opened, lines]).toEqual([2, ["reconnecting"]]);
  });

  it("is not suspected because of one slow command while other packets arrive", async () => {
    await connect();
    server.isHanging = true;
    void send();
    for (let at = 0; at < 6; at += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      server.event();
    }
    expect([lines, server.commands]).toEqual([[], ["typing_start"]]);
  });
});

describe("a slow but working connection", () => {
  it.each([1_000, 2_500])("is never reported when every answer takes %d ms", async (delayMs) => {
    server.delayMs = delayMs;
    await connect();
    for (let at = 0; at < 10; at += 1) {
      void send();
      await vi.advanceTimersByTimeAsync(delayMs + 100);
    }
    expect([lines, server.opened]).toEqual([[], 1]);
  });

  it("is not reported when it was fast and becomes slow", async () => {
    await connect();
    void send();
    await vi.advanceTimersByTimeAsync(100);
    server.delayMs = 2_500;
    for (let at = 0; at < 10; at += 1) {
      void send();
      await vi.advanceTimersByTimeAsync(2_600);
    }
    expect(lines).toEqual([]);
  });

  it("gets a timeout that follows its round trips, also for a probe after sleep", async () => {
    server.delayMs = 3_800;
    await connect();
    for (let at = 0; at < 3; at += 1) {
      void send();
      await vi.advanceTimersByTimeAsync(3_900);
    }
    void connection.pulse.probe();
    await vi.advanceTimersByTimeAsync(4_000);
    expect([lines, server.opened]).toEqual([[], 1]);
    server.isHanging = true;
    void send();
    await vi.advanceTimersByTimeAsync(limits.ackMs);
    expect(lines).toEqual(["reconnecting"]);
  });
});
