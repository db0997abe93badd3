import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createRest } from "../support/client.ts";
import { weighScripts } from "../support/page/page-weight.ts";
import { serverForFile } from "./server-for-file.ts";
import { type Guest, visit } from "./visitor.ts";

const assets = fileURLToPath(new URL("../../dist/public/assets/", import.meta.url));
const KB = 1_000;

const { server, browser } = await serverForFile();

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

describe("size of the page's scripts, gzipped", () => {
  it("is at most 60 kB before a room and 120 kB with the chat", async () => {
    const guest = await visit(browser, server.url);
    await guest.open("/");
    await guest.page.locator(".lounge").first().waitFor();
    const before = await scriptsOf(guest);
    expect(before.length).toBeGreaterThan(0);
    expect(await weightOf(before)).toBeLessThan(60 * KB);
    // Account code is loaded on demand.
    expect(before.filter((path) => /\/(account|settings|step-up|profile-card)-/.test(path))).toEqual([]);
    await guest.join("/l/town-square/en", "Ida of Budgets");
    const after = await scriptsOf(guest);
    expect(after.length).toBeGreaterThan(before.length);
    expect(await weightOf(after)).toBeLessThan(120 * KB);
    await guest.context.close();
  });

  it("excludes the server's schema library", async () => {
    const names = (await readdir(assets)).filter((name) => name.endsWith(".js"));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(await readFile(join(assets, name), "utf8")).not.toMatch(/ZodError|\$ZodType/);
  });

  it("is at most 110 kB on the wire in at most 12 files for a room opened by its address", async () => {
    const guest = await visit(browser, server.url);
    await guest.join("/l/town-square/en", "Ben of Budgets");
    const weight = await weighScripts(await guest.context.newCDPSession(guest.page));
    await guest.open("/l/town-square/en");
    await guest.page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
    await guest.page.waitForLoadState("networkidle");
    const { files, bytes } = weight();
    expect(files).toBeGreaterThan(1);
    expect(files).toBeLessThanOrEqual(12);
    expect(bytes).toBeLessThan(110 * KB);
    await guest.context.close();
  });
});

describe("static asset", () => {
  const assetOf = async (extension: string): Promise<string> => {
    const name = (await readdir(assets)).find((one) => one.endsWith(extension));
    if (name === undefined) throw new Error(`the build made no ${extension} file`);
    return `${server.url}/assets/${name}`;
  };
  const open = (url: string, headers: Record<string, string> = {}) => fetch(url, { headers });

  it.each([
    ["br", "gzip, deflate, br", "br"],
    ["gzip", "gzip", "gzip"],
    ["nothing", "identity", null],
  ])("is sent with %s to a browser that accepts %s, exactly as built", async (_name, accepted, encoding) => {
    const answer = await open(await assetOf(".js"), { "accept-encoding": accepted });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(answer.headers.get("vary")).toMatch(/accept-encoding/i);
    expect(answer.headers.get("content-type")).toMatch(/^text\/javascript; charset=utf-8$/i);
    expect((await answer.text()).length).toBeGreaterThan(100);
  });

  it("is cached forever, and revalidates without a body", async () => {
    const { pathname } = new URL(await assetOf(".js"));
    const rest = createRest(server.url);
    const { headers } = await rest.get(pathname, { headers: { "accept-encoding": "br" } });
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    const again = await rest.get(pathname, { headers: { "accept-encoding": "br", "if-none-match": String(headers.etag) } });
    expect(again.status).toBe(304);
  });

  it("has the headers of all files, but none that only a document needs", async () => {
    const { headers } = await open(await assetOf(".js"));
    expect(headers.get("content-security-policy")).toBeNull();
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    const page = await open(`${server.url}/`);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("cache-control")).toMatch(/no-cache|no-store/);
  });

  it.each(["/assets/none.js", "/assets/%E0%A4%A.js", "/%E0%A4%A", "/assets/..%2f..%2fserver.js", "/none.js"])(
    "responds with not_found for %s",
    async (path) => {
      const answer = await open(`${server.url}${path}`);
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ code: "not_found" });
    },
  );
});
