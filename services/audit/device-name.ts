/** Browsers by what only their user agents say; those that dress up as another come before it. */
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

/** No browser has a longer user agent. */
const LONGEST_USER_AGENT = 500;

const nameIn = (list: typeof BROWSERS, userAgent: string): string | null => list.find(([sign]) => sign.test(userAgent))?.[1] ?? null;

/** A program that names itself first, as in `curl/8.5.0`. */
const programOf = (userAgent: string): string | null => /^(?!Mozilla\/)([\w.-]{1,40})\//.exec(userAgent)?.[1] ?? null;

/** What a person would call a device, as in "Firefox on Linux"; null where its user agent says nothing of the kind. */
export function deviceName(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  // Some of the patterns look from each sign to the end of the text.
  const head = userAgent.slice(0, LONGEST_USER_AGENT);
  const [browser, system] = [nameIn(BROWSERS, head) ?? programOf(head), nameIn(SYSTEMS, head)];
  return browser !== null && system !== null ? `${browser} on ${system}` : (browser ?? system);
}
