/** A browser and an operating system; null if the browser did not send them. */
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

/** Returns the common names of browser and system for a `User-Agent`. */
export function deviceNameOf(userAgent: string | null): DeviceName | null {
  const browser = firstOf(browsers, userAgent ?? "");
  const system = firstOf(systems, userAgent ?? "");
  return browser && system ? { browser, system } : null;
}

/** Whether the device is a phone or tablet; decides its icon. */
export const isHandheld = (userAgent: string | null): boolean => /\biPhone\b|\biPod\b|\biPad\b|\bAndroid\b/.test(userAgent ?? "");
