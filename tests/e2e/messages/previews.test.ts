import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { createRest, type Rest } from "../../support/client.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { writer } from "../socket-writer.ts";
import { expectSound } from "../soundness.ts";
import { type Guest, type Size, visit } from "../visitor.ts";

let mina: Rest;
let roomId: string;

const HOSTILE = '<img src=x onerror="document.title=1"> \u202E[a](javascript:alert(1)) **bold**';

const say = async (text: string, to = roomId): Promise<string> => {
  const path = `/api/chatroom/rooms/${to}/messages`;
  return (await mina.post<{ id: string }>(path, { clientMessageId: newId(), text })).body.id;
};

const { server, browser } = await serverForFile();

beforeAll(async () => {
  mina = createRest(server.url);
  await mina.guest("Mina Park");
  roomId = await roomIdOf(server.url, ROOM);
  for (const text of ["one", "two", "three", HOSTILE, "The newest line"]) await say(text);
});

/** Opens a page as an anonymous visitor and records every layout shift with the element that moved. */
async function watcher(size: Size = "wide", options: object = {}): Promise<Guest> {
  const guest = await visit(browser, server.url, { size, ...options });
  await guest.context.addInitScript(() => {
    type Source = { readonly node: Element | null; readonly previousRect: DOMRect; readonly currentRect: DOMRect };
    const page = window as unknown as { shifts: string[] };
    page.shifts = [];
    const at = ({ x, y, width, height }: DOMRect): string => [x, y, width, height].map(Math.round).join(" ");
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as unknown as { readonly sources: readonly Source[] }[]) {
        for (const { node, previousRect, currentRect } of entry.sources) {
          page.shifts.push(`${node?.nodeName} ${node?.className ?? node?.textContent}: ${at(previousRect)} → ${at(currentRect)}`);
        }
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return guest;
}

const shiftsOf = (page: Page): Promise<string[]> => page.evaluate(() => (window as unknown as { shifts: string[] }).shifts);

/**
 * Opens an address and delays the preview responses until the rest of the page has rendered, including its fonts, so that any later
 * layout shift is caused by the previews.
 */
async function openHeld({ page, open }: Guest, path: string, rest: string): Promise<void> {
  let release = (): void => undefined;
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(/\/api\/chatroom\/.*preview/, async (route) => {
    await isReleased;
    await route.continue();
  });
  await open(path);
  await page.locator(rest).first().waitFor();
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    (window as unknown as { shifts: string[] }).shifts = [];
  });
  release();
}

/** Makes the page refresh, as when the user returns to its tab. */
const comeBack = (page: Page): Promise<boolean> => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

const linesOf = (page: Page): Promise<string[]> => page.locator(".now-text").allTextContents();

describe("visitor before joining", () => {
  it.each(["phone", "wide"] as const)(
    "sees the last messages next to the join form as plain text, without a layout shift, %s",
    async (size) => {
      const guest = await watcher(size);
      const { page } = guest;
      await guest.open(ROOM);
      await page.locator(".now-line").nth(4).waitFor();
      const now = page.getByRole("region", { name: "Happening now" });
      expect((await linesOf(page)).slice(-2)).toEqual(['<img src=x onerror="document.title=1"> a bold', "The newest line"]);
      expect(await now.locator("bdi").first().textContent()).toBe("Mina Park");
      expect(await now.locator("a, button, img, [tabindex]").count()).toBe(0);
      expect(await shiftsOf(page)).toEqual([]);
      await expectSound(guest);
      await guest.context.close();
    },
  );

  it("sees new messages and no deleted ones as soon as the page refreshes", async () => {
    const guest = await watcher();
    await openHeld(guest, ROOM, "#guest-name");
    await guest.page.locator(".now-line").nth(4).waitFor();
    const id = await say("This one is regretted");
    const looksAgain = async (): Promise<string[]> => {
      await comeBack(guest.page);
      return linesOf(guest.page);
    };
    await expect.poll(looksAgain).toContain("This one is regretted");
    await mina.call("DELETE", `/api/chatroom/messages/${id}`);
    await expect.poll(looksAgain).not.toContain("This one is regretted");
    expect(await shiftsOf(guest.page)).toEqual([]);
    await guest.context.close();
  });

  it("leaves no data in the browser: no storage, no cookies", async () => {
    const guest = await watcher();
    for (const path of ["/", ROOM]) {
      await guest.open(path);
      await guest.page.locator(".now-line, .lounge-line time").first().waitFor();
    }
    const kept = await guest.page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
    expect(kept).toEqual([0, 0, 0]);
    expect(await guest.context.cookies()).toEqual([]);
    await guest.context.close();
  });

  it("polls every 15 s while the page is visible, and not while it is hidden", async () => {
    const guest = await watcher();
    const { page } = guest;
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/preview")) asked += 1;
    });
    await page.clock.install();
    await guest.open(ROOM);
    await page.locator(".now-line").nth(4).waitFor();
    expect(asked).toBe(1);
    await page.clock.runFor(16_000);
    await expect.poll(() => asked).toBe(2);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.clock.runFor(300_000);
    expect(asked).toBe(2);
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: false, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect.poll(() => asked).toBe(3);
    await guest.context.close();
  });

  it("sees the last message of each lounge, or a placeholder if there is none, without a layout shift", async () => {
    const guest = await watcher();
    const { page } = guest;
    await openHeld(guest, "/", ".lounge");
    const card = page.locator("#lounge-town-square");
    await card.getByText("The newest line").waitFor();
    expect(await card.locator(".lounge-line").textContent()).toContain("Mina Park");
    const others = page.locator(".lounge-line-empty");
    expect(await others.count()).toBeGreaterThan(2);
    expect(await others.first().textContent()).toBe("No messages yet. Be the first to write.");
    expect(await page.getByText("Quiet now").count()).toBe(0);
    expect(await shiftsOf(page)).toEqual([]);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("guest who has just joined", () => {
  it("is greeted once per room, and says hi with one tap; the focus stays in the room", async () => {
    const guest = await watcher();
    const { page } = guest;
    await guest.join(ROOM, "Heron 55");
    const greeting = page.locator(".greeting-row");
    await greeting.getByText("You’re in.").waitFor();
    await expectSound(guest);
    await greeting.getByRole("button", { name: "Say hi" }).click();
    await guest.hears("👋");
    await greeting.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("composer-field");
    await page.locator('.sidebar a[href="/l/town-square/es"]').click();
    await greeting.getByRole("button", { name: "Dismiss" }).click();
    await greeting.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("composer-field");
    await page.locator(`.sidebar a[href="${ROOM}"]`).click();
    await guest.hears("👋");
    expect(await greeting.count()).toBe(0);
    await guest.context.close();
  });

  it("is announced to others on a line that causes no layout shift, and can be greeted once", async () => {
    const guest = await watcher();
    const { page } = guest;
    await guest.join(ROOM, "Old Hand");
    await page.locator(".greeting-row").getByRole("button", { name: "Dismiss" }).click();
    await say("before the newcomer");
    await guest.hears("before the newcomer");
    const row = page.locator(".message").last();
    const before = await row.boundingBox();
    const newcomer = await writer(server.url, "Lynx 7", roomId);
    await page.getByText("Lynx 7 joined").waitFor();
    expect(await row.boundingBox()).toEqual(before);
    await expectSound(guest);
    await page.getByRole("button", { name: "Wave to Lynx 7" }).click();
    await page.locator(".message:not(.message-pending) .message-text", { hasText: "👋 @Lynx 7" }).waitFor();
    expect(await page.getByRole("button", { name: /^Wave/ }).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.className)).toContain("composer-field");
    newcomer.leave();
    await guest.context.close();
  });

  it("is announced together with others when many join: one line with their number, no button, and no layout shift", async () => {
    const guest = await watcher();
    const { page } = guest;
    await guest.join(ROOM, "Calm Reader");
    await page.locator(".greeting-row").getByRole("button", { name: "Dismiss" }).click();
    await page.locator(".greeting-row").waitFor({ state: "detached" });
    const row = page.locator(".message").last();
    // The list settles at its end in the frames after the greeting is gone.
    let before = await row.boundingBox();
    await expect
      .poll(async () => {
        const earlier = before;
        before = await row.boundingBox();
        return before?.y === earlier?.y;
      })
      .toBe(true);
    const crowd = await Promise.all(Array.from({ length: 12 }, (_, at) => writer(server.url, `Raider ${at}`, roomId)));
    await page.getByText(/and 11 others joined/).waitFor();
    expect(await page.locator(".newcomers").count()).toBe(1);
    expect(await page.getByRole("button", { name: /^Wave/ }).count()).toBe(0);
    expect(await row.boundingBox()).toEqual(before);
    for (const one of crowd) one.leave();
    await guest.context.close();
  });
});
