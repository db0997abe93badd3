import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../utils/client/api-error.ts";
import { renewedTokens } from "../../../../utils/client/connection/tokens.ts";
import { createOutbox, type Outbox, type OutboxParts } from "../../../../utils/client/sending/outbox.ts";
import type { OutboxStore, PendingMessage } from "../../../../utils/client/sending/pending-message.ts";

type Sent = { roomId: string; text: string; clientMessageId: string };

let stored: Map<string, PendingMessage>;
let list: { value: readonly PendingMessage[] };
let sent: Sent[];
/** Messages that the server committed, in order. */
let accepted: Sent[];
/** The server's outcome of each attempt; a message is accepted if no outcome is left. */
let answers: (ApiError | null)[];

const store: OutboxStore = {
  stored: async () => [...stored.values()],
  store: async (message) => void stored.set(message.clientMessageId, message),
  remove: async (id) => void stored.delete(id),
};

/** The id of the current user, and the highest number of concurrent sends to one room. */
let myId: string | null = "ann";
let mostAtOnce: number = 0;

function outboxOf(over: Partial<OutboxParts> = {}): Outbox {
  const inFlight = new Map<string, number>();
  return createOutbox({
    list,
    store,
    isOnline: () => true,
    reconnectNow: () => undefined,
    probe: async () => undefined,
    myId: () => myId,
    random: () => 0.999,
    rooms: { enter: async () => undefined, leave: () => undefined, delivered: () => undefined, held: () => undefined },
    send: async (_name, input) => {
      const { roomId } = input as Sent;
      const now = (inFlight.get(roomId) ?? 0) + 1;
      mostAtOnce = Math.max(mostAtOnce, now);
      inFlight.set(roomId, now);
      sent.push(input as Sent);
      const error = answers.shift();
      await new Promise((resolve) => setTimeout(resolve, 10));
      inFlight.set(roomId, now - 1);
      if (error) throw error;
      accepted.push(input as Sent);
      return { message: input } as never;
    },
    ...over,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  list = { value: [] };
  sent = [];
  accepted = [];
  answers = [];
  myId = "ann";
  mostAtOnce = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

const texts = (): string[] => sent.map(({ text }) => text);

describe("the outbox", () => {
  it("sends in order, and delays all following messages as long as the server requests", async () => {
    answers = [null, new ApiError("rate_limited", { retryAfterMs: 30_000 })];
    const outbox = outboxOf();
    for (const text of ["one", "two", "three"]) outbox.post("room", text);
    await vi.advanceTimersByTimeAsync(29_900);
    expect(texts()).toEqual(["one", "two"]);
    expect(list.value.map(({ text, state }) => [text, state])).toEqual([
      ["two", "waiting"],
      ["three", "queued"],
    ]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(texts()).toEqual(["one", "two", "two", "three"]);
    expect([list.value, [...stored]]).toEqual([[], []]);
  });

  it("retries under the same key until it is acknowledged", async () => {
    answers = [new ApiError("network"), new ApiError("unavailable")];
    outboxOf().post("room", "one");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(texts()).toEqual(["one", "one", "one"]);
    expect(new Set(sent.map(({ clientMessageId }) => clientMessageId)).size).toBe(1);
  });

  it("keeps a message that was rejected permanently, and sends the next one", async () => {
    answers = [new ApiError("muted", { until: null, rule: "be kind" } as object)];
    const outbox = outboxOf();
    for (const text of ["one", "two"]) outbox.post("room", text);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(texts()).toEqual(["one", "two"]);
    const [failed] = list.value;
    expect(failed).toMatchObject({ text: "one", state: "failed", failure: "muted", restriction: { until: null, rule: "be kind" } });
    outbox.retry(failed?.clientMessageId ?? "");
    await vi.advanceTimersByTimeAsync(1_000);
    expect([texts(), list.value]).toEqual([["one", "two", "one"], []]);
  });

  it("sends the messages of an earlier run, and deletes those of other users", async () => {
    await leave("one");
    const [one] = [...stored.values()];
    stored.set("theirs", { ...one, clientMessageId: "theirs", userId: "bob", createdAt: Date.now() } as PendingMessage);
    await outboxOf().open();
    await vi.advanceTimersByTimeAsync(100);
    expect([texts(), [...stored]]).toEqual([["one"], []]);
  });
});

describe("an outbox that is opened before the user is known", () => {
  it("keeps the messages of an earlier run, and sends them once the user is known", async () => {
    await leave("one");
    myId = null;
    const outbox = outboxOf();
    await outbox.open();
    expect([stored.size, list.value]).toEqual([1, []]);
    myId = "ann";
    await outbox.open();
    await vi.advanceTimersByTimeAsync(1_000);
    expect([texts(), stored.size]).toEqual([["one"], 0]);
  });
});

/** Leaves texts in the store, as a client that exits while offline does. */
async function leave(...written: string[]): Promise<void> {
  const offline = outboxOf({ isOnline: () => false });
  for (const text of written) offline.post("room", text);
  await vi.advanceTimersByTimeAsync(0);
  list = { value: [] };
}

const acceptedIn = (roomId: string): string[] => accepted.filter((one) => one.roomId === roomId).map(({ text }) => text);

describe("messages sent without waiting for their acks", () => {
  const five = ["one", "two", "three", "four", "five"];

  it.each([
    ["unavailable", new ApiError("unavailable", { retryAfterMs: 1_000 })],
    ["a lost ack", new ApiError("network")],
    ["the rate limit", new ApiError("rate_limited", { retryAfterMs: 3_000 })],
  ])("are committed in the order in which they were written: %s in the middle lets none overtake", async (_, error) => {
    answers = [null, null, error, error, null, error];
    const outbox = outboxOf();
    for (const text of five) outbox.post("room", text);
    // Everything that makes the outbox look again while a message is in flight or waits.
    for (let at = 0; at < 200; at += 1) {
      outbox.drainAll();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect([acceptedIn("room"), mostAtOnce]).toEqual([five, 1]);
  });

  it("are not delayed by an error in another room", async () => {
    answers = [new ApiError("unavailable", { retryAfterMs: 60_000 })];
    const outbox = outboxOf();
    for (const text of five) {
      outbox.post("stuck", text);
      outbox.post("free", text);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect([acceptedIn("stuck"), acceptedIn("free")]).toEqual([[], five]);
  });

  it("follow the messages of an earlier run whose store is still being read", async () => {
    await leave("one", "two");
    let release: () => void = () => undefined;
    const isRead = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow: OutboxStore = { ...store, stored: async () => isRead.then(() => store.stored()) };
    const outbox = outboxOf({ store: slow });
    const opened = outbox.open();
    outbox.post("room", "three");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(acceptedIn("room")).toEqual([]);
    release();
    await opened;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(acceptedIn("room")).toEqual(["one", "two", "three"]);
  });

  it("are sent after the delay, although the clock was set back meanwhile", async () => {
    answers = [new ApiError("unavailable", { retryAfterMs: 1_000 })];
    outboxOf().post("room", "one");
    await vi.advanceTimersByTimeAsync(500);
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(acceptedIn("room")).toEqual(["one"]);
  });
});

describe("unsent messages of a user whose session ends", () => {
  it("are deleted, including one in flight that is rejected afterwards", async () => {
    answers = [new ApiError("muted")];
    const outbox = outboxOf();
    for (const text of ["one", "two"]) outbox.post("room", text);
    await vi.advanceTimersByTimeAsync(5);
    myId = null;
    outbox.forgetOthers();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([list.value, [...stored], texts()]).toEqual([[], [], ["one"]]);
  });

  it("keep their keys when they are handed over to another user", async () => {
    const outbox = outboxOf({ isOnline: () => false });
    const message = outbox.post("room", "one");
    await vi.advanceTimersByTimeAsync(0);
    outbox.reassign("ann", "anna");
    myId = "anna";
    outbox.forgetOthers();
    expect(list.value).toEqual([{ ...message, userId: "anna" }]);
    expect([...stored.values()]).toEqual([{ ...message, userId: "anna" }]);
  });
});

describe("tokens", () => {
  it("are renewed well before they expire, and renewed again after a failure", async () => {
    const given: string[] = [];
    let asked = 0;
    const source = async () => {
      asked += 1;
      if (asked === 2) throw new ApiError("network");
      return { accessToken: `token ${asked}`, expiresInMs: 900_000 };
    };
    const tokens = renewedTokens(source, { renewed: (token) => given.push(token), ended: () => undefined });
    expect(await Promise.all([tokens.renew(), tokens.renew()])).toEqual(["token 1", "token 1"]);
    await vi.advanceTimersByTimeAsync(900_000 * 0.7);
    expect(asked).toBe(1);
    await vi.advanceTimersByTimeAsync(900_000 * 0.25);
    expect([given, tokens.token]).toEqual([["token 1", "token 3"], "token 3"]);
    tokens.stop();
    await vi.advanceTimersByTimeAsync(900_000);
    expect(asked).toBe(3);
  });
});
