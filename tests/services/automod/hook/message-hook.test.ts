import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMessageHook, type SubmittedMessage } from "../../../../services/automod/hook/message-hook.ts";
import type { HookConfig } from "../../../../utils/config.ts";
import { newId } from "../../../../utils/ids.ts";
import { createMetrics } from "../../../../utils/metrics.ts";
import { answers, decides, type FakeClassifier, fakeClassifier, hangs, stalls } from "../../../support/fakes/classifier.ts";

let classifier: FakeClassifier;
let warnings: object[];

beforeEach(async () => {
  classifier = await fakeClassifier();
  warnings = [];
});

afterEach(() => classifier.close());

const metrics = createMetrics();
const message: SubmittedMessage = { roomId: newId(), text: "Grüße 👋", languageCode: "de", author: { id: newId(), kind: "guest" } };

function open(over: Partial<HookConfig> = {}, now = () => new Date()) {
  const logger = { warn: (_text: string, facts: object) => warnings.push(facts) } as unknown as Parameters<
    typeof createMessageHook
  >[0]["logger"];
  const { url, secret } = classifier;
  return createMessageHook({ url, secret, timeoutMs: 2_000, onFailure: "open", audience: "all", now, logger, metrics, ...over });
}

const withoutVerdict = { outcome: "allow", reason: null };

describe("the message classifier", () => {
  it("receives a signed request with the message and its author, and decides", async () => {
    classifier.behave(decides("block", "  No advertising.  "));
    expect(await open().verdict(message)).toEqual({ outcome: "block", reason: "No advertising." });
    classifier.behave(decides("hold"));
    expect(await open().verdict(message)).toEqual({ outcome: "hold", reason: null });
    const [first, second] = classifier.asked;
    expect(first).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      type: "message",
      sentAt: expect.stringMatching(/Z$/) as string,
      message,
    });
    expect(second?.id).not.toBe(first?.id);
  });

  it.each([
    ["never answers", hangs, { timeoutMs: 50 }],
    ["does not complete its answer", stalls, { timeoutMs: 50 }],
    ["answers with status 500", answers(500), {}],
    ["answers with an unknown verdict", answers(200, { outcome: "maybe" }), {}],
    ["answers with another type of reason", answers(200, { outcome: "block", reason: 5 }), {}],
    ["answers with too much", answers(200, { outcome: "block", reason: "x".repeat(20_000) }), {}],
    ["redirects", answers(302), {}],
  ])("that %s gives no verdict: the message is allowed, or held if the setting says so", async (_what, behavior, over) => {
    classifier.behave(behavior);
    expect(await open(over).verdict(message)).toEqual(withoutVerdict);
    expect(await open({ ...over, onFailure: "closed" }).verdict(message)).toEqual({ outcome: "hold", reason: null });
    expect(classifier.asked).toHaveLength(2);
    expect(warnings).toHaveLength(2);
    expect(JSON.stringify(warnings)).not.toContain("Grüße");
  });

  it("rejects a request that is signed with another secret, or too long ago: there is no verdict", async () => {
    classifier.behave(decides("block"));
    expect(await open({ secret: "another secret of 32 characters...." }).verdict(message)).toEqual(withoutVerdict);
    expect(await open({}, () => new Date(Date.now() - 3_600_000)).verdict(message)).toEqual(withoutVerdict);
    expect(classifier.rejected()).toBe(2);
    expect(classifier.asked).toEqual([]);
  });

  it("that cannot be reached gives no verdict", async () => {
    const gone = await fakeClassifier();
    await gone.close();
    expect(await open({ url: gone.url }).verdict(message)).toEqual(withoutVerdict);
    expect(warnings).toEqual([{ reason: "The request failed: ECONNREFUSED.", limitBy: "message classifier" }]);
  });

  it("is not asked any more after five failures in a row, until a pause has passed", async () => {
    classifier.behave(answers(500));
    const hook = open();
    for (let count = 0; count < 8; count += 1) expect(await hook.verdict(message)).toEqual(withoutVerdict);
    expect(classifier.asked).toHaveLength(5);
  });

  it("gets at most 50 messages at once; further ones get no verdict without waiting", async () => {
    const waiting: (() => void)[] = [];
    classifier.behave((res, asked) => waiting.push(() => decides("block")(res, asked)));
    const hook = open();
    const first = Array.from({ length: 50 }, () => hook.verdict(message));
    expect(await hook.verdict(message)).toEqual(withoutVerdict);
    await expect.poll(() => waiting.length).toBe(50);
    for (const decide of waiting) decide();
    expect(new Set((await Promise.all(first)).map(({ outcome }) => outcome))).toEqual(new Set(["block"]));
  });
});
