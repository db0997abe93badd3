/** A mention in a text: by ID, as the page writes it, or by username. */
export type Named = { userId: string | null; username: string | null; written: string };

const NAMED =
  /<@([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})>|(?<![\p{L}\p{N}_@./-])@([a-z0-9](?:[a-z0-9._-]{0,30}[a-z0-9]))/giu;

/** Splits a text into strings and mentions, in order. Concatenated, they are the text. */
export function peopleIn(text: string): (string | Named)[] {
  const pieces: (string | Named)[] = [];
  let end = 0;
  for (const match of text.matchAll(NAMED)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ userId: match[1]?.toLowerCase() ?? null, username: match[2]?.toLowerCase() ?? null, written: match[0] });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}
