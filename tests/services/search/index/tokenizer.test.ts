import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type IndexedMessage, plainTokensOf, tokensOf } from "../../../../services/search/index/message-tokens.ts";
import { createTokenizer, type Tokenizer } from "../../../../services/search/index/tokenizer.ts";
import { newId } from "../../../../utils/ids.ts";

const FAILING = new URL("./failing-tokens.ts", import.meta.url).href;

let tokenizer: Tokenizer;

const create = (options: Parameters<typeof createTokenizer>[0] = {}): Tokenizer => {
  tokenizer = createTokenizer({ timeoutMs: 2_000, startTimeoutMs: 60_000, ...options });
  return tokenizer;
};

afterEach(() => tokenizer.close());

const message = (text: string): IndexedMessage => ({
  id: newId(),
  changed_seq: 1,
  room_id: newId(),
  author_id: newId(),
  lounge_id: newId(),
  text,
  language_code: "en",
  room_language: "en",
  created_at: new Date(Date.UTC(2026, 0, 1)),
});

const arrayOf = (tokens: readonly number[]): string => `{${tokens.join()}}`;
const wanted = (messages: readonly IndexedMessage[]): string[] => messages.map((one) => arrayOf(tokensOf(one)));

describe("tokens from the worker thread", () => {
  it("are those of the main thread, in the order of the messages, also over several jobs", async () => {
    const long = `zebra ${"word ".repeat(3_000)}`;
    const messages = Array.from({ length: 250 }, (_, n) =>
      message(n % 20 === 0 ? long : `Some words number ${n}, see https://example.org`),
    );
    expect(await create().tokensOf(messages)).toEqual(wanted(messages));
  });

  it.each(["hang always", "crash always"])(
    "of a text that makes the worker fail (%s): are its plain words after two attempts",
    async (failure) => {
      create({ library: FAILING });
      const others = [message("One walnut"), message("Two walnuts")] as const;
      const bad = message(`These walnuts ${failure}`);
      const messages = [others[0], bad, others[1]];
      await expect(tokenizer.tokensOf(messages)).rejects.toMatchObject({ name: "TokenizeError", messageId: bad.id });
      expect(await tokenizer.tokensOf(others)).toEqual(wanted(others));
      await expect(tokenizer.tokensOf(messages)).rejects.toMatchObject({ messageId: bad.id });
      expect(await tokenizer.tokensOf(messages)).toEqual([...wanted([others[0]]), arrayOf(plainTokensOf(bad)), ...wanted([others[1]])]);
    },
  );

  it("of a text on which the worker failed once: are complete, because the failure may have been the machine's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "chatroom-tokens-"));
    try {
      const file = join(folder, "first");
      await writeFile(file, "");
      create({ library: FAILING });
      const bad = message(`Running walnuts hang once ${file}`);
      await expect(tokenizer.tokensOf([bad])).rejects.toMatchObject({ messageId: bad.id });
      expect(await tokenizer.tokensOf([bad])).toEqual(wanted([bad]));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("of an edited text: come from the worker again, although it failed on the former text", async () => {
    create({ library: FAILING });
    const bad = message("crash always");
    for (let n = 0; n < 2; n += 1) await expect(tokenizer.tokensOf([bad])).rejects.toThrow();
    const edited = { ...bad, changed_seq: 2, text: "Running walnuts" };
    expect(await tokenizer.tokensOf([edited])).toEqual(wanted([edited]));
  });

  it("are reported as an error of no message when the worker does not start", async () => {
    create({ library: "file:///no/such/module.ts" });
    await expect(tokenizer.tokensOf([message("words")])).rejects.toMatchObject({ name: "TokenizeError", messageId: null });
  });
});

describe("the fallback tokens of a text", () => {
  it("are its complete ASCII terms and the tokens of room, author, time and links", () => {
    const bad = message("The WALNUT, naïve and Bäume, 水 https://example.org");
    const full = new Set(tokensOf(bad));
    const plain = plainTokensOf(bad);
    expect(plain.filter((token) => !full.has(token))).toEqual([]);
    expect(plain.length).toBeGreaterThan(10);
    expect(plain.length).toBeLessThan(full.size);
  });
});
