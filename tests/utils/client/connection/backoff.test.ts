import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../utils/client/api-error.ts";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import type { Send } from "../../../../utils/client/connection/command.ts";
import { type ConnectionState, createConnection } from "../../../../utils/client/connection/connection.ts";
import { renewedTokens } from "../../../../utils/client/connection/tokens.ts";
import { runDirectly } from "../../../../utils/client/observable.ts";
import { emptyLog } from "../../../../utils/client/rooms/room-log.ts";
import { catchUp, createRoomSync, enter, type RoomSync } from "../../../../utils/client/rooms/room-sync.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Returns the delays between calls, in ms, from the first call on. */
function waitsOf() {
  const at: number[] = [];
  return { note: () => void at.push(Date.now()), waits: () => at.slice(1).map((time, place) => Math.round(time - (at[place] ?? 0))) };
}

describe("the delay before a retry", () => {
  it("is random between zero and a bound that doubles from 0.5 s to 30 s with each failure", () => {
    const bounds = [0, 1, 2, 3, 6, 20].map((failures) => [0, 0.5, 1].map((share) => backoffMs(failures, { random: () => share })));
    expect(bounds).toEqual([
      [0, 250, 500],
      [0, 500, 1_000],
      [0, 1_000, 2_000],
      [0, 2_000, 4_000],
      [0, 15_000, 30_000],
      [0, 15_000, 30_000],
    ]);
  });

  it("is never shorter than the server requested, and random beyond that", () => {
    expect([0, 1].map((share) => backoffMs(1, { atLeastMs: 5_000, random: () => share }))).toEqual([5_000, 6_000]);
  });
});

const DOUBLING = [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000];

describe("retries of a client whose server is unavailable: exponential backoff with full jitter", () => {
  it.each([1, 0.5, 0.01])("for the connection, at %d of the bound", async (share) => {
    const { note, waits } = waitsOf();
    const connection = createConnection({
      state: { value: "idle" as ConnectionState },
      open: async () => {
        note();
        throw new Error("no network");
      },
      token: () => "token",
      renew: async () => "token",
      status: () => "online" as const,
      hasNetwork: () => true,
      isReplaced: () => false,
      onSessionEnd: () => undefined,
      onEvent: () => undefined,
      random: () => share,
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(70_000);
    connection.stop();
    expect(waits().slice(0, 7)).toEqual(DOUBLING.map((bound) => Math.round(bound * share)));
  });

  const roomOf = (send: () => Promise<never>): RoomSync =>
    createRoomSync({
      roomId: "room",
      log: { value: { ...emptyLog, epoch: "epoch" } },
      connection: { send: send as Send, isOnline: () => true, probe: async () => undefined, runBatched: runDirectly, random: () => 1 },
      arrived: () => undefined,
      entered: () => undefined,
      rejected: () => undefined,
    });

  it.each([
    ["entering a room", enter, new ApiError("unavailable", { retryAfterMs: 1_000 }), 1_000],
    ["entering a room over a line that loses answers", enter, new ApiError("network"), 0],
    ["catching up", catchUp, new ApiError("unavailable", { retryAfterMs: 1_000 }), 1_000],
    ["catching up without being told how long to wait", catchUp, new ApiError("internal"), 0],
  ])("for %s, beyond the delay that the server requested", async (_, run, error, atLeastMs) => {
    const { note, waits } = waitsOf();
    const room = roomOf(async () => {
      note();
      throw error;
    });
    await run(room);
    await vi.advanceTimersByTimeAsync(100_000);
    room.isClosed = true;
    expect(waits().slice(0, 7)).toEqual(DOUBLING.map((bound) => atLeastMs + bound));
  });

  it("for a room, with at most one pending retry, however many reasons there are", async () => {
    const room = roomOf(async () => {
      throw new ApiError("unavailable");
    });
    for (let reasons = 0; reasons < 5; reasons += 1) {
      await catchUp(room);
      await enter(room);
    }
    expect(vi.getTimerCount()).toBe(1);
  });

  it("for renewing a token", async () => {
    const { note, waits } = waitsOf();
    const source = async (): Promise<never> => {
      note();
      throw new ApiError("network");
    };
    const tokens = renewedTokens(source, { renewed: () => undefined, ended: () => undefined, random: () => 1 });
    await tokens.renew();
    await vi.advanceTimersByTimeAsync(70_000);
    tokens.stop();
    expect(waits().slice(0, 7)).toEqual(DOUBLING);
  });
});
