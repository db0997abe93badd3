import { domainToASCII } from "node:url";

/** The links of a text. A text with more of them is read up to this number. */
const MAX_HOSTS = 200;

/** Matches what the page renders as a link, up to the next space. */
const LINKS = /(?:https?:\/\/|(?<![\p{L}\p{N}_])(?:www\.|mailto:))[^\s<>"]+/giu;

/** Matches everything that may be a host name, such as one without a scheme. */
const NAMES = /[\p{L}\p{N}.-]+/gu;

/** Ways to write a dot so that the page makes no link of it. */
const WRITTEN_DOTS = /\s?[[({]\s?(?:\.|dot|punkt|punto|ponto|point|точка)\s?[\])}]\s?/giu;

const MAX_HOST_UNITS = 253;

/** Returns a host name in ASCII, without dots at its ends; empty if it is not one. */
function asciiHost(name: string): string {
  const trimmed = name
    .replace(/^[.-]+/, "")
    .slice(0, MAX_HOST_UNITS)
    .replace(/[.-]+$/, "");
  return /^[a-z0-9.-]*$/.test(trimmed) ? trimmed : domainToASCII(trimmed);
}

/** Returns the host of a link; empty if it has none. */
function hostOfLink(link: string): string {
  const rest = link.replace(/^(?:https?:\/\/|mailto:)/, "");
  const authority = rest.split(/[/?#\\]/, 1)[0] ?? "";
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return asciiHost(host.replace(/:\d*$/, ""));
}

/** The hosts of a text: those of its links, and other names with a dot. */
export type HostsOfText = { readonly links: readonly string[]; readonly names: readonly string[] };

/** Matches a part that every link and every name with a dot contains. */
const MAY_HAVE_HOST = /:|\.[\p{L}\p{N}]/u;

const NO_HOSTS: HostsOfText = { links: [], names: [] };

/** Finds the hosts in a text in small letters and compatibility form. */
export function hostsIn(text: string): HostsOfText {
  const plain = /[[({]/.test(text) ? text.replace(WRITTEN_DOTS, ".") : text;
  if (!MAY_HAVE_HOST.test(plain)) return NO_HOSTS;
  const links = [...new Set(plain.match(LINKS))].slice(0, MAX_HOSTS).map(hostOfLink);
  const named = (plain.match(NAMES) ?? []).filter((name) => name.includes("."));
  return { links, names: [...new Set(named)].slice(0, MAX_HOSTS).map(asciiHost) };
}

/** The hosts of a rule. Without `blocked`, all hosts are blocked. Hosts in `allowed` are not. */
export type HostRule = { readonly blocked: ReadonlySet<string>; readonly allowed: ReadonlySet<string> };

/** Parses the lines of a rule; null if one of them is no host name. */
export function hostRuleOf(lines: readonly string[]): HostRule | null {
  const blocked = new Set<string>();
  const allowed = new Set<string>();
  for (const line of lines) {
    const isAllowed = line.startsWith("!");
    const name = line
      .slice(isAllowed ? 1 : 0)
      .trim()
      .toLowerCase()
      .normalize("NFKC");
    const host = hostOfLink(name.replace(/^\*\./, "")).replace(/^www\./, "");
    if (host === "" || /\s/.test(name)) return null;
    (isAllowed ? allowed : blocked).add(host);
  }
  return { blocked, allowed };
}

/** Whether a set has a host, or a domain that contains it. */
function hasHost(hosts: ReadonlySet<string>, host: string): boolean {
  for (let rest = host, dot = 0; dot !== -1; rest = rest.slice(dot + 1)) {
    if (hosts.has(rest)) return true;
    dot = rest.indexOf(".");
  }
  return false;
}

/** Whether a text has a link, or a name of a host, that a rule blocks. Names only count if the rule lists them. */
export function isHostBlocked({ blocked, allowed }: HostRule, { links, names }: HostsOfText): boolean {
  const isListed = (host: string): boolean => hasHost(blocked, host) && !hasHost(allowed, host);
  if (blocked.size > 0) return links.some(isListed) || names.some(isListed);
  return links.some((host) => !hasHost(allowed, host));
}
