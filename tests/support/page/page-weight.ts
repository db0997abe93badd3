import type { CDPSession } from "playwright-core";

/** The scripts of a page as transferred over the network: their number, and their bytes with headers. */
export type Weight = { files: number; bytes: number };

/** Counts the scripts that a page fetches from now on, without the browser's cache. @returns a function that returns the weight so far */
export async function weighScripts(cdp: CDPSession): Promise<() => Weight> {
  const scripts = new Map<string, number>();
  await cdp.send("Network.enable");
  await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
  cdp.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.set(requestId, 0);
  });
  cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) scripts.set(requestId, encodedDataLength);
  });
  return () => ({ files: scripts.size, bytes: [...scripts.values()].reduce((sum, bytes) => sum + bytes, 0) });
}
