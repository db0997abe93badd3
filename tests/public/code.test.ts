import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { codeLanguageOf } from "../../public/src/code/languages.ts";
import { prepare, tokenize } from "../../public/src/code/tokenize.ts";
import type { ColourRequest } from "../../public/src/code/tokens.ts";

describe("language of a code block", () => {
  it.each([
    ["js", "javascript"],
    ["TypeScript", "typescript"],
    ["c++", "cpp"],
    [' python title="a.py"', "python"],
    ["rust,ignore", "rust"],
    ["", null],
    ["constructor", null],
    ["mermaid", null],
  ])("is parsed from the info string %j", (info, language) => {
    expect(codeLanguageOf(info)).toBe(language);
  });
});

describe("tokenizing a code block", () => {
  it("keeps the text and distinguishes keywords, strings, numbers, comments and names", async () => {
    const text = 'const next = fetch("/a"); // 1 <b>\nfunction go() { return 12.5; }';
    await prepare("javascript");
    const tokens = tokenize("javascript", text);
    expect(tokens.map((token) => token.text).join("")).toBe(text);
    const lookOf = (part: string) => tokens.find((token) => token.text.includes(part))?.look;
    expect([lookOf("const"), lookOf('"/a"'), lookOf("12.5"), lookOf("// 1 <b>"), lookOf("go")]).toEqual([
      ...["keyword", "string", "number", "comment", "name"],
    ]);
  });

  it("supports every language that a code block may name", async () => {
    for (const language of ["bash", "css", "diff", "go", "java", "json", "php", "python", "rust", "sql", "xml", "yaml"] as const) {
      await prepare(language);
      const text = `if (a < 1) { b: "c" }\n- ${language}`;
      expect(tokenize(language, text).map((token) => token.text)).toEqual(expect.arrayContaining([expect.any(String)]));
    }
  });
});

/** A worker that responds only when the test says so. */
class SilentWorker extends EventTarget {
  static readonly all: SilentWorker[] = [];
  readonly asked: ColourRequest[] = [];
  isEnded = false;

  constructor() {
    super();
    SilentWorker.all.push(this);
  }

  postMessage(request: ColourRequest): void {
    this.asked.push(request);
  }

  terminate(): void {
    this.isEnded = true;
  }

  answer(data: object): void {
    this.dispatchEvent(Object.assign(new Event("message"), { data: { id: this.asked.at(-1)?.id, ...data } }));
  }
}

describe("highlighting code blocks", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.useFakeTimers();
    vi.stubGlobal("Worker", SilentWorker);
    SilentWorker.all.length = 0;
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("terminates a worker that times out on a block, leaves that block plain, and processes the next one in a new worker", async () => {
    const { colour } = await import("../../public/src/code/colour.ts");
    const slow = colour("cpp", "a slow one");
    const next = colour("cpp", "the next one");
    const [first] = SilentWorker.all;
    first?.answer({ state: "started" });
    expect(first?.asked.map(({ text }) => text)).toEqual(["a slow one"]);
    vi.runOnlyPendingTimers();
    expect(first?.isEnded).toBe(true);
    expect(await slow).toBeNull();
    const second = SilentWorker.all[1];
    second?.answer({ state: "started" });
    second?.answer({ state: "done", tokens: [{ text: "the next one", look: "name" }] });
    expect(await next).toEqual([{ text: "the next one", look: "name" }]);
    expect(second?.isEnded).toBe(false);
  });

  it("processes the same block once, and skips blocks that are too long", async () => {
    const { colour, COLOURED_MAX } = await import("../../public/src/code/colour.ts");
    expect(colour("go", "once")).toBe(colour("go", "once"));
    expect(await colour("go", "x".repeat(COLOURED_MAX + 1))).toBeNull();
    expect(SilentWorker.all.flatMap(({ asked }) => asked).map(({ text }) => text)).toEqual(["once"]);
  });
});
