import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { type Weight, weighScripts } from "../../support/page/page-weight.ts";

/** The cost of loading a page once, in ms except for `shift` (cumulative layout shift) and `scripts`. */
export type Loading = { firstPaint: number; largestPaint: number; blocking: number; shift: number; scripts: Weight };

type Probe = {
  firstPaint: number;
  largestPaint: number;
  shift: number;
  tasks: { start: number; duration: number }[];
  events: { name: string; duration: number }[];
  frames: number[];
};

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Runs in the page before its own scripts: collects the performance entries of the browser. */
function observe(): void {
  const probe: Probe = { firstPaint: 0, largestPaint: 0, shift: 0, tasks: [], events: [], frames: [] };
  window.probe = probe;
  const on = (type: string, take: (entry: PerformanceEntry & { value: number; hadRecentInput: boolean }) => void, options = {}) =>
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) take(entry as PerformanceEntry & { value: number; hadRecentInput: boolean });
    }).observe({ type, buffered: true, ...options });
  on("paint", (entry) => {
    if (entry.name === "first-contentful-paint") probe.firstPaint = entry.startTime;
  });
  on("largest-contentful-paint", (entry) => {
    probe.largestPaint = entry.startTime;
  });
  on("layout-shift", (entry) => {
    if (!entry.hadRecentInput) probe.shift += entry.value;
  });
  on("longtask", (entry) => probe.tasks.push({ start: entry.startTime, duration: entry.duration }));
  on("event", (entry) => probe.events.push({ name: entry.name, duration: entry.duration }), { durationThreshold: 16 });
}

/** A user with a browser on a processor that is `slowdown` times slower than this one. */
export type Viewer = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly cdp: CDPSession;
  slow(times: number): Promise<void>;
};

export async function openViewer(browser: Browser, baseURL: string): Promise<Viewer> {
  const context = await browser.newContext({ baseURL, locale: "en-US", viewport: { width: 1440, height: 900 } });
  // The compiler of this file names functions with a helper that the page does not have.
  await context.addInitScript({ content: "globalThis.__name = (named) => named;" });
  await context.addInitScript(observe);
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const slow = async (rate: number): Promise<void> => void (await cdp.send("Emulation.setCPUThrottlingRate", { rate }));
  return { context, page, cdp, slow };
}

const LONG_TASK_MS = 50;
const QUIET_MS = 1_500;

/** Waits until no task of more than 50 ms has ended for a while. */
const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction((quiet) => {
    const last = window.probe.tasks.at(-1);
    return performance.now() - (last ? last.start + last.duration : 0) > quiet;
  }, QUIET_MS);

/** Loads an address without a cache until `shown` is visible and the processor is idle. */
export async function measureLoading({ page, cdp }: Viewer, path: string, shown: string): Promise<Loading> {
  const weight = await weighScripts(cdp);
  await page.goto(path);
  await page.locator(shown).first().waitFor();
  await settled(page);
  const { firstPaint, largestPaint, shift, tasks } = await page.evaluate(() => window.probe);
  const blocking = tasks.reduce((sum, { duration }) => sum + Math.max(0, duration - LONG_TASK_MS), 0);
  return { firstPaint, largestPaint, blocking, shift, scripts: weight() };
}

const twoFrames = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));

/** Measures the slowest event of an interaction until it was painted, by Event Timing (W3C), in ms; under 16 ms it is 0. */
export async function measureInteraction({ page }: Viewer, act: () => Promise<void>, shown: string): Promise<number> {
  await settled(page);
  await page.evaluate(() => {
    window.probe.events.length = 0;
  });
  await act();
  await page.locator(shown).first().waitFor();
  await settled(page);
  await twoFrames(page);
  return page.evaluate(() => Math.max(0, ...window.probe.events.map(({ duration }) => duration)));
}

/** Measures the times between animation frames during some work, in ms. */
export async function measureFrames({ page }: Viewer, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const { frames } = window.probe;
    frames.length = 0;
    let last = performance.now();
    const next = (now: number): void => {
      frames.push(now - last);
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await work();
  return page.evaluate(() => window.probe.frames.slice(1));
}
