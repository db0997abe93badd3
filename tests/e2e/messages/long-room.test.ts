import { EventEmitter, once } from "node:events";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import { median } from "../../bench/figures.ts";
import { roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { writer } from "../socket-writer.ts";
import { type Guest, visit } from "../visitor.ts";

const ROOM = "/l/town-square/en";
const MESSAGES = 10_000;
const MOST_ROWS = 300;

let roomId: string;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  roomId = await roomIdOf(server.url, ROOM);
  const people = await Promise.all(["Uma", "Viv", "Wes"].map((name) => writer(server.url, `${name} of Long`, roomId)));
  const texts = Array.from({ length: MESSAGES }, (_, at) =>
    `message ${at + 1}${at % 7 === 0 ? ` ${"with more words ".repeat(at % 11)}` : ""}`.trim(),
  );
  for (let at = 0; at < texts.length; at += 600) {
    const part = texts.slice(at, at + 600);
    await Promise.all(people.map((one, index) => one.sayAll(part.filter((_, place) => place % people.length === index))));
  }
  for (const one of people) one.leave();
}, 180_000);

const rowCount = (page: Page): Promise<number> => page.locator(".log .message").count();

/** Returns the first visible message and its offset. */
const place = (page: Page): Promise<{ row: string; offset: number }> =>
  page.evaluate(() => {
    const frame = document.querySelector(".log");
    const top = frame?.getBoundingClientRect().top ?? 0;
    const row = [...document.querySelectorAll<HTMLElement>(".log .message")].find((one) => one.getBoundingClientRect().bottom > top);
    return { row: row?.dataset.row ?? "", offset: (row?.getBoundingClientRect().top ?? 0) - top };
  });

async function join(name: string): Promise<Guest> {
  const guest = await visit(browser, server.url);
  await guest.join(ROOM, name);
  await guest.page.locator(".log .message").nth(40).waitFor();
  return guest;
}

/** Starts to record the durations of input events, in ms. */
const recordDurations = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const durations: number[] = [];
    Object.assign(window, { durations });
    new PerformanceObserver((list) => durations.push(...list.getEntries().map((one) => one.duration))).observe({
      type: "event",
      durationThreshold: 16,
      buffered: false,
    } as PerformanceObserverInit);
  });

/** Types and sends a message, and returns the 90th percentile of the time from a key press to its display, in ms. */
async function keyTime(page: Page, text: string): Promise<number> {
  await page.bringToFront();
  await page.locator(".composer-field").click();
  await page.evaluate(() => (window as unknown as { durations: number[] }).durations.splice(0));
  await page.keyboard.type(text, { delay: 20 });
  await page.keyboard.press("Enter");
  await page.locator(".message:not(.message-pending) .message-text", { hasText: text }).waitFor();
  const durations = await page.evaluate(() => (window as unknown as { durations: number[] }).durations);
  return durations.sort((a, b) => a - b)[Math.floor(durations.length * 0.9)] ?? 0;
}

const numbers = (texts: readonly string[]): number[] => texts.map((text) => Number(/message (\d+)/.exec(text)?.[1] ?? 0));

describe("room with 10,000 messages", () => {
  it("opens at the newest message, and loads older ones on scroll while keeping the position and few rows", async () => {
    const { page, context, troubles } = await join("Xia of Long");
    const seen = new Set<string>();
    let most = 0;
    for (let step = 0; step < 60; step += 1) {
      await page.locator(".log").hover();
      await page.mouse.wheel(0, -1_500);
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      most = Math.max(most, await rowCount(page));
      for (const row of await page
        .locator(".log .message")
        .evaluateAll((rows) => rows.map((one) => (one as HTMLElement).dataset.row ?? "")))
        seen.add(row);
    }
    expect(seen.size).toBeGreaterThan(400);
    expect(most).toBeLessThanOrEqual(MOST_ROWS);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("does not shift the visible messages when older or newer ones are added", async () => {
    const { page, context } = await join("Yan of Long");
    const speaker = await writer(server.url, "Zoe of Long", roomId);
    const held = new EventEmitter();
    let isAsked = false;
    await page.route("**/messages?before=*", async (route) => {
      const isReleased = once(held, "release");
      isAsked = true;
      await isReleased;
      await route.continue();
    });
    const scrollUp = (): Promise<void> =>
      page.locator(".log").evaluate((log) => {
        log.scrollTop = 300;
      });
    // Scrolls repeatedly: while rows of the first page are still rendered above, the position is kept and the top moves away.
    await expect
      .poll(async () => {
        await scrollUp();
        return isAsked;
      })
      .toBe(true);
    const before = await place(page);
    held.emit("release");
    await page.waitForFunction(() => (document.querySelector(".log")?.scrollTop ?? 0) > 1_000);
    const loaded = await place(page);
    expect(loaded.row).toBe(before.row);
    expect(Math.abs(loaded.offset - before.offset)).toBeLessThan(1);
    await speaker.say("something new below");
    await page.getByText("1 new · Jump to latest").waitFor();
    const after = await place(page);
    expect(after.row).toBe(before.row);
    expect(Math.abs(after.offset - before.offset)).toBeLessThan(1);
    await page.locator(".log-jump").click();
    await page.locator(".message-text", { hasText: "something new below" }).waitFor();
    await page.locator(".log-jump").waitFor({ state: "detached" });
    speaker.leave();
    await context.close();
  });

  it("shows every message once and in order at fifty messages per second", async () => {
    const { page, context, texts } = await join("Abe of Long");
    const speaker = await writer(server.url, "Bea of Long", roomId);
    const flood = Array.from({ length: 250 }, (_, at) => `message ${MESSAGES + 100 + at}`);
    for (let at = 0; at < flood.length; at += 50) {
      await speaker.sayAll(flood.slice(at, at + 50));
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await page.locator(".message-text", { hasText: flood.at(-1) ?? "" }).waitFor();
    const shown = numbers(await texts()).filter((number) => number >= MESSAGES + 100);
    expect(shown).toEqual([...shown].sort((a, b) => a - b));
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown.at(-1)).toBe(MESSAGES + 349);
    expect(await rowCount(page)).toBeLessThanOrEqual(MOST_ROWS);
    await expect.poll(() => page.locator("[aria-live=polite].sr-only").textContent()).toMatch(/new messages, last from Bea of Long/);
    speaker.leave();
    await context.close();
  });

  it("shows a key press in less than 100 ms with all that history, or nearly as fast as in an empty room", async () => {
    const long = await join("Cal of Long");
    const empty = await visit(browser, server.url);
    await empty.join("/l/games/de", "Dee of Games");
    for (const { page } of [long, empty]) await recordDurations(page);
    const inLongRoom: number[] = [];
    const inEmptyRoom: number[] = [];
    // In alternation, and by the median: another test that runs at the same time must not slow only one of the two pages.
    for (const text of [
      "a quick word before going",
      "a second one to be sure",
      "the third of the five",
      "one more after that",
      "and the last of all",
    ]) {
      inLongRoom.push(await keyTime(long.page, text));
      inEmptyRoom.push(await keyTime(empty.page, text));
    }
    expect(median(inLongRoom)).toBeLessThan(Math.max(100, median(inEmptyRoom) * 1.5));
    for (const { context } of [long, empty]) await context.close();
  });
});
