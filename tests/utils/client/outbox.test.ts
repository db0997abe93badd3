import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createOutbox, type Outbox } from "../../../utils/client/outbox.ts";
import type { OutboxStore, Outgoing } from "../../../utils/client/outgoing.ts";
import { Refusal } from "../../../utils/client/refusal.ts";
import { renewedTokens } from "../../../utils/client/tokens.ts";

type Sent = { text: string; clientMessageId: string };

let stored: Map<string, Outgoing>;
let list: { value: readonly Outgoing[] };
let sent: Sent[];
/** What the server says to each attempt; a message is granted where nothing is left to say. */
let answers: (Refusal | null)[];

const store: OutboxStore = {
  stored: async () => [...stored.values()],
  store: async (message) => void stored.set(message.clientMessageId, message),
  unstore: async (id) => void stored.delete(id),
};

function outboxOf(isOnline = () => true): Outbox {
  return createOutbox({
    ...{ list, store, isOnline, nudge: () => undefined, doubt: async () => undefined, myId: () => "ann" },
    rooms: { enter: async () => undefined, leave: () => undefined, delivered: () => undefined, held: () => undefined },
    send: async (_name, input) => {
      sent.push(input as Sent);
      const refusal = answers.shift();
      if (refusal) throw refusal;
      return { message: input } as never;
    },
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  [stored, list, sent, answers] = [new Map(), { value: [] }, [], []];
});

afterEach(() => {
  vi.useRealTimers();
});

const texts = (): string[] => sent.map(({ text }) => text);

describe("the outbox", () => {
  it("sends in order, and waits as long as it is told to with all that follows", async () => {
    answers = [null, new Refusal("rate_limited", { retryAfterMs: 30_000 })];
    const outbox = outboxOf();
    for (const text of ["one", "two", "three"]) outbox.post("room", text);
    await vi.advanceTimersByTimeAsync(29_000);
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
    answers = [new Refusal("network"), new Refusal("unavailable")];
    outboxOf().post("room", "one");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(texts()).toEqual(["one", "one", "one"]);
    expect(new Set(sent.map(({ clientMessageId }) => clientMessageId)).size).toBe(1);
  });

  it("keeps what is refused for good, and goes on with the next one", async () => {
    answers = [new Refusal("muted", { until: null, rule: "be kind" } as object)];
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

  it("takes up what an earlier run left behind, and forgets what somebody else left long ago", async () => {
    const isOffline = outboxOf(() => false);
    isOffline.post("room", "one");
    await vi.advanceTimersByTimeAsync(0);
    const [one] = [...stored.values()];
    const foreign = { ...one, clientMessageId: "theirs", userId: "bob", createdAt: Date.now() - 49 * 3_600_000 } as Outgoing;
    stored.set("theirs", foreign);
    list = { value: [] };
    await outboxOf().open();
    await vi.advanceTimersByTimeAsync(0);
    expect([texts(), [...stored]]).toEqual([["one"], []]);
  });
});

describe("tokens", () => {
  it("are renewed well before they expire, and got again where that failed", async () => {
    const given: string[] = [];
    let asked = 0;
    const source = async () => {
      asked += 1;
      if (asked === 2) throw new Refusal("network");
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
