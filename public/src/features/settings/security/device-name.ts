/** A browser and a system in words; null where the browser did not say. */
export type DeviceName = { browser: string; system: string };

// The order matters: most browsers also name those they descend from.
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bCriOS\/|\bChrom(?:e|ium)\/|\bHeadlessChrome\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

const firstOf = (list: readonly [RegExp, string][], text: string): string | undefined => list.find(([pattern]) => pattern.test(text))?.[1];

/** What a `User-Agent` says, as people call it. */
export function deviceNameOf(userAgent: string | null): DeviceName | null {
  const [browser, system] = [firstOf(browsers, userAgent ?? ""), firstOf(systems, userAgent ?? "")];
  return browser && system ? { browser, system } : null;
}

/** Whether it is carried about; decides the picture beside it. */
export const isHandheld = (userAgent: string | null): boolean => /\biPhone\b|\biPod\b|\biPad\b|\bAndroid\b/.test(userAgent ?? "");
