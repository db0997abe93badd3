import { type NormalizedText, normalizeText, withoutExcessMarks } from "./normalize.ts";

/**
 * What a text is taken apart into. A `word` is a run of letters and digits; `dense` is a run in a script that puts no spaces between
 * its words, or (Korean) glues onto them; a `sign` is a pictograph.
 */
export type Segment = {
  readonly kind: "word" | "dense" | "sign";
  /** Folded. */
  readonly text: string;
  /** As it was written, in small letters: what stemming needs. */
  readonly written: string;
  /** Where it stands in the folded text. */
  readonly at: number;
  /** Where it stands in the original text, in UTF-16 units. */
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

/** More than all the characters that are in use together. */
const KINDS_MAX = 20_000;

function kindOf(character: string): Kind {
  const known = kinds.get(character);
  if (known !== undefined) return known;
  if (kinds.size >= KINDS_MAX) kinds.clear();
  const kind = computeKind(character);
  kinds.set(character, kind);
  return kind;
}

/** The address of somebody mentioned is skipped: nobody reads it. */
const MENTION = /<@[0-9a-f-]{36}>/y;

const isFlagLetter = (character: string): boolean => character >= "\u{1f1e6}" && character <= "\u{1f1ff}";

/** Whether a character goes on with the run before it; of pictographs only the second half of a flag does. */
const goesOn = (run: { kind: Kind; text: string }, kind: Kind, character: string): boolean =>
  run.kind === kind && (kind !== "sign" || (isFlagLetter(character) && isFlagLetter(run.text) && run.text.length === 2));

type Run = { kind: Kind; text: string; at: number };

/** The runs of a folded text that are of one kind. */
function runsOf(text: string): Run[] {
  const runs: Run[] = [];
  let run: Run = { kind: null, text: "", at: 0 };
  for (let at = 0; at < text.length; ) {
    MENTION.lastIndex = at;
    const mention = text.charCodeAt(at) === 0x3c ? MENTION.exec(text)?.[0] : undefined;
    const character = mention ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
    const kind = mention === undefined ? kindOf(character) : null;
    if (kind !== null && goesOn(run, kind, character)) run.text += character;
    else {
      run = { kind, text: character, at };
      if (kind !== null) runs.push(run);
    }
    at += character.length;
  }
  return runs;
}

/** What stands between the halves of one word: e-mail, don't, l’eau. */
const JOINT = /^[-'’‐‑]$/;

function joined(left: Segment, right: Segment, between: string): Segment | null {
  if (left.kind !== "word" || right.kind !== "word" || !JOINT.test(between)) return null;
  return {
    kind: "word",
    text: left.text + right.text,
    written: left.written + right.written,
    at: left.at,
    start: left.start,
    end: right.end,
  };
}

/** Takes a text apart, in its order. Halves of a word with a hyphen or an apostrophe come once more as one, after the halves. */
export function segmentsOf(original: string): { folded: NormalizedText; pieces: Segment[]; compounds: Segment[] } {
  const folded = normalizeText(original);
  const pieces: Segment[] = [];
  const compounds: Segment[] = [];
  for (const { kind, text, at } of runsOf(folded.text)) {
    if (kind === null) continue;
    const start = folded.starts[at] ?? 0;
    const end = folded.ends[at + text.length - 1] ?? start;
    const written = withoutExcessMarks(original.slice(start, end)).normalize("NFKC").toLowerCase();
    const piece: Segment = { kind, text, written, at, start, end };
    const before = pieces.at(-1);
    const whole = before === undefined ? null : joined(before, piece, original.slice(before.end, start));
    if (whole !== null) compounds.push(whole);
    pieces.push(piece);
  }
  return { folded, pieces, compounds };
}
