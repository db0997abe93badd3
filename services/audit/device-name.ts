/** User-agent patterns of browsers. Browsers that also contain another browser's name come before it. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/[\d.]+.*\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(iPhone|iPod)\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\b(Macintosh|Mac OS X)\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** No real browser has a longer user agent. */
const LONGEST_USER_AGENT = 500;

const nameIn = (list: typeof BROWSERS, userAgent: string): string | null => list.find(([sign]) => sign.test(userAgent))?.[1] ?? null;

/** Returns the name of a program that identifies itself first, as in `curl/8.5.0`. */
const programOf = (userAgent: string): string | null => /^(?!Mozilla\/)([\w.-]{1,40})\//.exec(userAgent)?.[1] ?? null;

/** Returns a readable device name, such as "Firefox on Linux"; null if the user agent is not recognized. */
export function deviceName(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  // Some patterns scan from each match to the end of the text, so limit its length.
  const head = userAgent.slice(0, LONGEST_USER_AGENT);
  const browser = nameIn(BROWSERS, head) ?? programOf(head);
  const system = nameIn(SYSTEMS, head);
  return browser !== null && system !== null ? `${browser} on ${system}` : (browser ?? system);
}
