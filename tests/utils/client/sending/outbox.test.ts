import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../../utils/client/api-error.ts";
import { renewedTokens } from "../../../../utils/client/connection/tokens.ts";
import { createOutbox, type Outbox, type OutboxParts } from "../../../../utils/client/sending/outbox.ts";
import type { OutboxStore, PendingMessage } from "../../../../utils/client/sending/pending-message.ts";

type Sent = { roomId: string; text: string; clientMessageId: string };

let stored: Map<string, PendingMessage>;
let list: { value: readonly PendingMessage[] };
let sent: Sent[];
/** What the server committed, in its order. */
let accepted: Sent[];
/** What the server says to each attempt; a message is granted where nothing is left to say. */
let answers: (ApiError | null)[];

const store: OutboxStore = {
  stored: async () => [...stored.values()],
  store: async (message) => void stored.set(message.clientMessageId, message),
  unstore: async (id) => void stored.delete(id),
};

/** Who writes now, and the most messages that were on their way to one room at once. */
let [myId, mostAtOnce]: [string | null, number] = ["ann", 0];

function outboxOf(over: Partial<OutboxParts> = {}): Outbox {
  const underWay = new Map<string, number>();
  return createOutbox({
    ...{
      list,
      store,
      isOnline: () => true,
      reconnectNow: () => undefined,
      probe: async () => undefined,
      myId: () => myId,
      random: () => 0.999,
    },
    rooms: { enter: async () => undefined, leave: () => undefined, delivered: () => undefined, held: () => undefined },
    send: async (_name, input) => {
      const { roomId } = input as Sent;
      const now = (underWay.get(roomId) ?? 0) + 1;
      mostAtOnce = Math.max(mostAtOnce, now);
      underWay.set(roomId, now);
      sent.push(input as Sent);
      const refusal = answers.shift();
      await new Promise((resolve) => setTimeout(resolve, 10));
      underWay.set(roomId, now - 1);
      if (refusal) throw refusal;
      accepted.push(input as Sent);
      return { message: input } as never;
    },
    ...over,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  [stored, list, sent, accepted, answers] = [new Map(), { value: [] }, [], [], []];
  [myId, mostAtOnce] = ["ann", 0];
});

afterEach(() => {
  vi.useRealTimers();
});

const texts = (): string[] => sent.map(({ text }) => text);

describe("the outbox", () => {
  it("sends in order, and waits as long as it is told to with all that follows", async () => {
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

  it("sends under the same key until it is acknowledged", async () => {
    answers = [new ApiError("network"), new ApiError("unavailable")];
    outboxOf().post("room", "one");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(texts()).toEqual(["one", "one", "one"]);
    expect(new Set(sent.map(({ clientMessageId }) => clientMessageId)).size).toBe(1);
  });

  it("keeps what is refused for good, and goes on with the next one", async () => {
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

  it("takes up what an earlier run left behind, and deletes what anybody else left", async () => {
    await leave("one");
    const [one] = [...stored.values()];
    stored.set("theirs", { ...one, clientMessageId: "theirs", userId: "bob", createdAt: Date.now() } as PendingMessage);
    await outboxOf().open();
    await vi.advanceTimersByTimeAsync(100);
    expect([texts(), [...stored]]).toEqual([["one"], []]);
  });
});

describe("an outbox that is opened before it is known who is here", () => {
  it("deletes nothing of what an earlier run left behind, and sends it once that is known", async () => {
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

/** Leaves texts in the store, as a program that ends without a line does. */
async function leave(...written: string[]): Promise<void> {
  const offline = outboxOf({ isOnline: () => false });
  for (const text of written) offline.post("room", text);
  await vi.advanceTimersByTimeAsync(0);
  list = { value: [] };
}

const acceptedIn = (roomId: string): string[] => accepted.filter((one) => one.roomId === roomId).map(({ text }) => text);

describe("messages written without waiting for the acks", () => {
  const five = ["one", "two", "three", "four", "five"];

  it.each([
    ["unavailable", new ApiError("unavailable", { retryAfterMs: 1_000 })],
    ["a lost ack", new ApiError("network")],
    ["the rate limit", new ApiError("rate_limited", { retryAfterMs: 3_000 })],
  ])("are committed in the order in which they were written: %s in the middle lets none overtake", async (_, refusal) => {
    answers = [null, null, refusal, refusal, null, refusal];
    const outbox = outboxOf();
    for (const text of five) outbox.post("room", text);
    // Whatever makes it look again while one is on its way or waits.
    for (let at = 0; at < 200; at += 1) {
      outbox.drainAll();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect([acceptedIn("room"), mostAtOnce]).toEqual([five, 1]);
  });

  it("are not held up by another room's refusal", async () => {
    answers = [new ApiError("unavailable", { retryAfterMs: 60_000 })];
    const outbox = outboxOf();
    for (const text of five) {
      outbox.post("stuck", text);
      outbox.post("free", text);
    }
    await vi.advanceTimersByTimeAsync(5_000);
    expect([acceptedIn("stuck"), acceptedIn("free")]).toEqual([[], five]);
  });

  it("follow those of an earlier run, whose store is still being read", async () => {
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

  it("go on when the wait is over, though the clock was set back meanwhile", async () => {
    answers = [new ApiError("unavailable", { retryAfterMs: 1_000 })];
    outboxOf().post("room", "one");
    await vi.advanceTimersByTimeAsync(500);
    vi.setSystemTime(Date.now() - 3_600_000);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(acceptedIn("room")).toEqual(["one"]);
  });
});

describe("unsent messages of a person whose session ends", () => {
  it("are deleted, also the one on its way that is refused afterwards", async () => {
    answers = [new ApiError("muted")];
    const outbox = outboxOf();
    for (const text of ["one", "two"]) outbox.post("room", text);
    await vi.advanceTimersByTimeAsync(5);
    myId = null;
    outbox.forgetOthers();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([list.value, [...stored], texts()]).toEqual([[], [], ["one"]]);
  });

  it("become another person's under the same keys where they are handed over", async () => {
    const outbox = outboxOf({ isOnline: () => false });
    const message = outbox.post("room", "one");
    await vi.advanceTimersByTimeAsync(0);
    outbox.handOver("ann", "anna");
    myId = "anna";
    outbox.forgetOthers();
    expect(list.value).toEqual([{ ...message, userId: "anna" }]);
    expect([...stored.values()]).toEqual([{ ...message, userId: "anna" }]);
  });
});

describe("tokens", () => {
  it("are renewed well before they expire, and got again where that failed", async () => {
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
