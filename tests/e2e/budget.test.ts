import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { type Guest, visit } from "./visitor.ts";

const assets = fileURLToPath(new URL("../../dist/public/assets/", import.meta.url));
const KB = 1_000;

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const scriptsOf = (guest: Guest): Promise<string[]> =>
  guest.page.evaluate(() => [
    ...new Set(
      performance
        .getEntriesByType("resource")
        .map((one) => new URL(one.name).pathname)
        .filter((path) => path.endsWith(".js")),
    ),
  ]);

async function weightOf(scripts: readonly string[]): Promise<number> {
  const files = await Promise.all(scripts.map((path) => readFile(join(assets, path.split("/").at(-1) ?? ""))));
  return files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}

describe("the weight of the page's scripts, gzipped", () => {
  it("is at most 60 kB before a room and 120 kB with the chat", async () => {
    const guest = await visit(browser, server.url);
    await guest.open("/");
    await guest.page.locator(".lounge").first().waitFor();
    const before = await scriptsOf(guest);
    expect(before.length).toBeGreaterThan(0);
    expect(await weightOf(before)).toBeLessThan(60 * KB);
    // What is about accounts comes only when somebody asks for it.
    expect(before.filter((path) => /\/(account|settings|step-up|profile-card)-/.test(path))).toEqual([]);
    await guest.join("/l/town-square/en", "Ida of Budgets");
    const after = await scriptsOf(guest);
    expect(after.length).toBeGreaterThan(before.length);
    expect(await weightOf(after)).toBeLessThan(120 * KB);
    await guest.context.close();
  });

  it("has nothing of the server's schema library in it", async () => {
    const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(await readFile(join(assets, name), "utf8")).not.toMatch(/ZodError|\$ZodType/);
  });

  it("is compressed on its way and kept for ever, the document never", async () => {
    const [script] = (await readdir(assets)).filter((name) => name.endsWith(".js"));
    const answer = await fetch(`${server.url}/assets/${script}`, { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers.get("cache-control")).toMatch(/immutable/);
    const page = await fetch(`${server.url}/`);
    expect(page.headers.get("cache-control")).toMatch(/no-cache|no-store/);
  });
});
