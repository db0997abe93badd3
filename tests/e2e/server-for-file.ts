import type { Browser } from "playwright-core";
import { afterAll } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";

/** Starts the built server in its own process, and Chromium, for the tests of the calling file; both end after the last test. */
export async function serverForFile(env?: NodeJS.ProcessEnv): Promise<{ server: RunningServer; browser: Browser }> {
  const [server, browser] = await Promise.all([startServer(env), launchBrowser()]);
  afterAll(async () => {
    await browser.close();
    await server.remove();
  });
  return { server, browser };
}
