import { type NormalizedText, normalizeText, withoutExcessMarks } from "./normalize.ts";

/**
 * A segment of a text. A `word` is a run of letters and digits; `dense` is a run in a script without spaces between words, or (Korean)
 * with attached particles; a `sign` is a pictograph.
 */
export type Segment = {
  readonly kind: "word" | "dense" | "sign";
  /** The normalized text. */
  readonly text: string;
  /** The original spelling in lower case, which stemming needs. */
  readonly spelling: string;
  /** The offset in the normalized text. */
  readonly at: number;
  /** The offsets in the original text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
};

const DENSE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u30fc]/u;
const WORD = /[\p{L}\p{N}\p{M}]/u;
const SIGN = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

type Kind = Segment["kind"] | null;

const computeKind = (character: string): Kind =>
  DENSE.test(character) ? "dense" : WORD.test(character) ? "word" : SIGN.test(character) ? "sign" : null;

const kinds = new Map<string, Kind>();

/** More than all characters that are in common use. */
const KINDS_MAX = 20_000;

function kindOf(character: string): Kind {
  const known = kinds.get(character);
  if (known !== undefined) return known;
  if (kinds.size >= KINDS_MAX) kinds.clear();
  const kind = computeKind(character);
  kinds.set(character, kind);
  return kind;
}

/** The id of a mentioned user is skipped: it is not visible text. */
const MENTION = /<@[0-9a-f-]{36}>/y;

const isFlagLetter = (character: string): boolean => character >= "\u{1f1e6}" && character <= "\u{1f1ff}";

/** Whether a character continues the run before it; for pictographs only the second half of a flag does. */
const continuesRun = (run: { kind: Kind; text: string }, kind: Kind, character: string): boolean =>
  run.kind === kind && (kind !== "sign" || (isFlagLetter(character) && isFlagLetter(run.text) && run.text.length === 2));

type Run = { kind: Kind; text: string; at: number };

/** Returns the runs of characters of one kind in a normalized text. */
function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let run: Run = { kind: null, text: "", at: 0 };
  for (let at = 0; at < text.length; ) {
    MENTION.lastIndex = at;
    const mention = text.charCodeAt(at) === 0x3c ? MENTION.exec(text)?.[0] : undefined;
    const character = mention ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
    const kind = mention === undefined ? kindOf(character) : null;
    if (kind !== null && continuesRun(run, kind, character)) run.text += character;
    else {
      run = { kind, text: character, at };
      if (kind !== null) runs.push(run);
    }
    at += character.length;
  }
  return runs;
}

/** Characters between the parts of one word: e-mail, don't, l’eau. */
const JOINT = /^[-'’‐‑]$/;

function joined(left: Segment, right: Segment, between: string): Segment | null {
  if (left.kind !== "word" || right.kind !== "word" || !JOINT.test(between)) return null;
  return {
    kind: "word",
    text: left.text + right.text,
    spelling: left.spelling + right.spelling,
    at: left.at,
    start: left.start,
    end: right.end,
  };
}

/** Splits a text into segments, in order. Parts of a word with a hyphen or an apostrophe are additionally returned as one compound. */
export function segmentsOf(original: string): { normalized: NormalizedText; segments: Segment[]; compounds: Segment[] } {
  const normalized = normalizeText(original);
  const segments: Segment[] = [];
  const compounds: Segment[] = [];
  for (const { kind, text, at } of runsOf(normalized.text)) {
    if (kind === null) continue;
    const start = normalized.starts[at] ?? 0;
    const end = normalized.ends[at + text.length - 1] ?? start;
    const spelling = withoutExcessMarks(original.slice(start, end)).normalize("NFKC").toLowerCase();
    const segment: Segment = { kind, text, spelling, at, start, end };
    const before = segments.at(-1);
    const whole = before === undefined ? null : joined(before, segment, original.slice(before.end, start));
    if (whole !== null) compounds.push(whole);
    segments.push(segment);
  }
  return { normalized, segments, compounds };
}
