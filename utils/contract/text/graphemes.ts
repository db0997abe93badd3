let made: Intl.Segmenter | undefined;

/**
 * Returns the segmenter, which is created on first use: creating it takes a browser longer than counting all graphemes of a page that does
 * not need it.
 */
const segmenter = (): Intl.Segmenter => {
  made ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return made;
};

/**
 * The code points that can share a grapheme with a neighbour (UAX #29): marks, joiners and other formats, parts of flags, skin tones,
 * parts of Korean syllables, CR before LF, and letters that lead or follow others. All other code points are graphemes of their own.
 */
const JOINING =
  "\\r\\p{M}\\p{Cf}\\p{Regional_Indicator}\\p{Emoji_Modifier}\\u0D4E\\u0E33\\u0EB3\\uFF9E\\uFF9F\\u1100-\\u11FF\\uA960-\\uA97F\\uD7B0-\\uD7FF" +
  "\\u{111C2}\\u{111C3}\\u{113D1}\\u{1193F}\\u{11941}\\u{11A3A}\\u{11A84}-\\u{11A89}\\u{11D46}\\u{11F02}\\u{16D63}\\u{16D67}-\\u{16D6A}";

const HAS_JOINING = new RegExp(`[${JOINING}]`, "u");

/** The parts of a text whose grapheme boundaries require the segmenter. A part begins and ends at a boundary. */
const JOINED = new RegExp(`[^${JOINING}]?[${JOINING}](?:[^${JOINING}]?[${JOINING}])*[^${JOINING}]?`, "gu");

/** The segmenter takes time proportional to the length of its input for each segment, so it is given short windows. */
const WINDOW_UNITS = 128;

function windowEnd(text: string, at: number, units: number): number {
  const end = Math.min(text.length, at + units);
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end + 1 : end;
}

/**
 * Yields the start of each grapheme of a text. The last grapheme of a window may continue after it, so the next window begins with that
 * grapheme.
 */
function* graphemeStarts(text: string): Generator<number> {
  let at = 0;
  let units = WINDOW_UNITS;
  while (at < text.length) {
    const end = windowEnd(text, at, units);
    const starts: number[] = [];
    for (const { index } of segmenter().segment(text.slice(at, end))) starts.push(at + index);
    if (end === text.length) {
      yield* starts;
      return;
    }
    const last = starts.pop() ?? at;
    yield* starts;
    // A grapheme that fills the whole window needs a longer window.
    units = last === at ? units * 2 : WINDOW_UNITS;
    at = last;
  }
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Counts the graphemes of a text, which are the characters a reader sees (UAX #29), and stops above `max`. Only the parts that need it are
 * passed to the segmenter.
 */
export function countGraphemes(text: string, max = Number.POSITIVE_INFINITY): number {
  let count = countCodePoints(text);
  if (!HAS_JOINING.test(text)) return count;
  const parts = text.match(JOINED) ?? [];
  for (const part of parts) count -= countCodePoints(part);
  for (const part of parts) {
    for (const _ of graphemeStarts(part)) {
      count += 1;
      if (count > max) return count;
    }
  }
  return count;
}

/** Returns the first `max` graphemes of a text, with an ellipsis if something is left out. */
export function firstGraphemes(text: string, max: number): string {
  if (text.length <= max) return text;
  let count = 0;
  for (const start of graphemeStarts(text)) {
    if (count === max) return `${text.slice(0, start)}…`;
    count += 1;
  }
  return text;
}

/** Returns the first grapheme of a text; empty for an empty text. */
export function firstGrapheme(text: string): string {
  const [first = "", next = ""] = text;
  if (!HAS_JOINING.test(first + next)) return first;
  const [, second] = graphemeStarts(text.slice(0, WINDOW_UNITS));
  return text.slice(0, second ?? WINDOW_UNITS);
}
