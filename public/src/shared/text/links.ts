/** A link's target, made safe: http, https and mailto, and nothing else. */
export type Target = { href: string; host: string };

const TRAILING = new Set(".,!?;:'\")]}»”’…、。！？；：，」』）】");
const LONG = 64;

/** Returns an address without the punctuation of the surrounding sentence; a closing bracket stays if it was opened inside. */
export function trimmed(address: string): string {
  let end = address.length;
  while (end > 0 && TRAILING.has(address.charAt(end - 1))) end -= 1;
  const bare = address.slice(0, end);
  const missing = (bare.match(/\(/g)?.length ?? 0) - (bare.match(/\)/g)?.length ?? 0);
  return missing > 0 && address.startsWith(`${bare})`) ? `${bare})` : bare;
}

/** Returns a link's target; null if messages may not link to it. Hosts are in punycode, as browsers return them. */
export function targetOf(address: string): Target | null {
  try {
    const url = new URL(address);
    // Subject, body and further recipients of a mail are for the user to write.
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
 * Returns the true host if the link text suggests another one: it looks like a different address, or like the same one in confusable
 * characters. Null if no warning is needed.
 */
export function hostLabel(words: string, { href, host }: Target): string | null {
  if (href.startsWith("mailto:")) return words.includes("@") && !words.toLowerCase().includes(host.toLowerCase()) ? host : null;
  const written = hostIn(words);
  if (written === null) return null;
  const isSame = bare(asHost(written)) === bare(asHost(host));
  const isPlain = !host.includes("xn--") || words.toLowerCase().includes(host);
  return isSame && isPlain && !new URL(href).username ? null : host;
}

/** Shortens a long address in the middle; the host is always kept. */
export function shortened(address: string): string {
  if (address.length <= LONG) return address;
  const path = /^[a-z]+:\/\/[^/?#]+/i.exec(address)?.[0].length ?? 0;
  const start = Math.max(path + 12, LONG - 20);
  return start + 12 >= address.length ? address : `${address.slice(0, start)}…${address.slice(-10)}`;
}
