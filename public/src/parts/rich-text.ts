/** A piece of a message: words, or an address that may be opened. */
export type Piece = { kind: "text"; text: string } | { kind: "link"; text: string; href: string };

const ADDRESS = /https?:\/\/[^\s<>"]+/giu;
const TRAILING = /[.,!?;:'")\]}»”’…、。！？；：，」』）】]+$/u;

/** Without the punctuation of the sentence around it; a closing bracket stays when it was opened inside. */
function trimmed(address: string): string {
  const bare = address.replace(TRAILING, "");
  const missing = (bare.match(/\(/g)?.length ?? 0) - (bare.match(/\)/g)?.length ?? 0);
  return missing > 0 && address.startsWith(`${bare})`) ? `${bare})` : bare;
}

function hrefOf(text: string): string | null {
  try {
    const url = new URL(text);
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname !== "" ? url.href : null;
  } catch {
    return null;
  }
}

/** Splits a message into words and web addresses. Only http and https become links; joined again the pieces are the text. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const href = hrefOf(address);
    if (!href) continue;
    if (match.index > end) pieces.push({ kind: "text", text: text.slice(end, match.index) });
    pieces.push({ kind: "link", text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ kind: "text", text: text.slice(end) });
  return pieces;
}

const PICTURES = /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\s])+$/u;

/** One to three emoji and nothing else may be shown large. */
export const isPictorial = (text: string): boolean => text.length <= 24 && PICTURES.test(text) && graphemesOf(text.replace(/\s/g, "")) <= 3;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a reader would call characters. */
export function graphemesOf(text: string): number {
  let count = 0;
  for (const _ of segmenter.segment(text)) count += 1;
  return count;
}
