/** Where a link leads, made safe: http, https and mailto, and nothing else. */
export type Target = { href: string; host: string };

const TRAILING = new Set(".,!?;:'\")]}»”’…、。！？；：，」』）】");
const LONG = 64;

/** An address without the punctuation of the sentence around it; a closing bracket stays when it was opened inside. */
export function trimmed(address: string): string {
  let end = address.length;
  while (end > 0 && TRAILING.has(address.charAt(end - 1))) end -= 1;
  const bare = address.slice(0, end);
  const missing = (bare.match(/\(/g)?.length ?? 0) - (bare.match(/\)/g)?.length ?? 0);
  return missing > 0 && address.startsWith(`${bare})`) ? `${bare})` : bare;
}

/** Null for whatever a message may not lead to. Hosts come out in punycode, as the browser has them. */
export function targetOf(address: string): Target | null {
  try {
    const url = new URL(address);
    // What a letter would say, and to whom else it would go, is the reader's to write.
    if (url.protocol === "mailto:") return url.pathname.includes("@") ? { href: `mailto:${url.pathname}`, host: url.pathname } : null;
    if ((url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") return null;
    return { href: url.href, host: url.host };
  } catch {
    return null;
  }
}

const bare = (host: string): string => host.replace(/^www\./, "").replace(/:\d+$/, "");

const hostIn = (words: string): string | null => {
  const found = /(?:^|[\s(<"'/@])((?:[\p{L}\p{N}\p{M}-]+[.。])+[\p{L}\p{N}-]{2,})/u.exec(
    words.replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, ""),
  );
  return found?.[1] ?? null;
};

const asHost = (written: string): string => {
  try {
    return new URL(`http://${written}`).hostname;
  } catch {
    return written;
  }
};

/**
 * The true host, where the words of a link would let one believe in another: they look like a different address,
 * or like the same one in letters that only look alike. Null where nothing needs to be said.
 */
export function hostLabel(words: string, { href, host }: Target): string | null {
  if (href.startsWith("mailto:")) return words.includes("@") && !words.toLowerCase().includes(host.toLowerCase()) ? host : null;
  const written = hostIn(words);
  if (written === null) return null;
  const isSame = bare(asHost(written)) === bare(asHost(host));
  const isPlain = !host.includes("xn--") || words.toLowerCase().includes(host);
  return isSame && isPlain && !new URL(href).username ? null : host;
}

/** A long address with its middle left out; the host is always there. */
export function shortened(address: string): string {
  if (address.length <= LONG) return address;
  const path = /^[a-z]+:\/\/[^/?#]+/i.exec(address)?.[0].length ?? 0;
  const start = Math.max(path + 12, LONG - 20);
  return start + 12 >= address.length ? address : `${address.slice(0, start)}…${address.slice(-10)}`;
}
