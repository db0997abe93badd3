import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { newPerson, seat } from "../members.ts";
import { roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { writer } from "../socket-writer.ts";
import { expectSound } from "../soundness.ts";
import { visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

/** Returns the region that has the focus, and the focused element within the message list. */
const focusIn = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const { activeElement } = document;
    const region = activeElement?.closest(".sidebar, .log, .composer, .side, .room-head")?.className.split(" ")[0];
    if (region !== "log") return region ?? activeElement?.tagName ?? "";
    const row = activeElement?.closest(".message");
    return `log: ${row === activeElement ? "row" : activeElement?.tagName.toLowerCase()} ${row?.querySelector(".message-text")?.textContent ?? ""}`;
  });

const press = async (page: Page, ...keys: string[]): Promise<string> => {
  for (const key of keys) await page.keyboard.press(key);
  return focusIn(page);
};

describe("message list by keyboard", () => {
  it("is one tab stop in both directions, regardless of the names and links in it", async () => {
    const path = "/l/town-square/es";
    const person = await newPerson(server, "Lena Links");
    const member = await seat(browser, server, person);
    const { page } = member;
    await member.open(path);
    await page.locator(".composer-field").waitFor();
    for (const at of [1, 2, 3]) await member.say(`see https://example.org/${at} and https://example.org/${at}/b`);
    await page.locator(".message:not(.message-pending) a", { hasText: "example.org/3/b" }).waitFor();
    await page.locator(".composer-field").focus();
    expect(await press(page, "Shift+Tab")).toMatch(/^log: row .*example\.org\/3/);
    expect(await press(page, "Shift+Tab")).toBe("room-head");
    expect(await press(page, "Tab")).toMatch(/^log: row .*example\.org\/3/);
    expect(await press(page, "ArrowUp")).toMatch(/^log: row .*example\.org\/2/);
    expect(await press(page, "Tab")).toBe("composer");
    // The list keeps its position: Shift+Tab leads back to the previous row.
    expect(await press(page, "Shift+Tab")).toMatch(/^log: row .*example\.org\/2/);
    expect(await page.locator(".log [tabindex='0'], .log[tabindex='0']").count()).toBe(1);
    expect(
      await page
        .locator(".log")
        .evaluate((log) => [...log.querySelectorAll("a, button")].filter((one) => (one as HTMLElement).tabIndex >= 0).length),
    ).toBe(0);
    await expectSound(member);
    await member.context.close();
  });

  it("enters a message with the right arrow, moves through its links and buttons, and exits with Esc", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    const roomId = await roomIdOf(server.url, "/l/town-square/pt");
    const speaker = await writer(server.url, "Sam Speaks", roomId);
    await speaker.say("above");
    await guest.join("/l/town-square/pt", "Walks inside");
    await guest.hears("above");
    await guest.say("mine");
    await guest.hears("mine");
    await page.locator(".log").focus();
    expect(await press(page, "ArrowUp")).toBe("log: row above");
    expect(await press(page, "ArrowRight")).toBe("log: button above");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Sam Speaks");
    expect(await press(page, "ArrowRight")).toBe("log: button above");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe("React");
    expect(await press(page, "ArrowLeft", "ArrowLeft")).toBe("log: row above");
    expect(await press(page, "ArrowRight", "Escape")).toBe("log: row above");
    expect(await press(page, "ArrowRight", "ArrowDown")).toBe("log: row mine");
    // The name opens the profile; closing it returns the focus to the name.
    await press(page, "ArrowUp", "ArrowRight", "Enter");
    await page.getByRole("dialog").waitFor();
    await press(page, "Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focusIn(page)).toBe("log: button above");
    speaker.leave();
    await guest.context.close();
  });

  it("keeps the focus when the focused row is unmounted, and moves it to the newest message with the button for that", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    const path = "/l/town-square/ja";
    const speaker = await writer(server.url, "Writes much", await roomIdOf(server.url, path));
    await speaker.say("the first");
    await guest.join(path, "Stays on a row");
    await guest.hears("the first");
    await page.locator(".log").focus();
    expect(await focusIn(page)).toBe("log: row the first");
    await speaker.sayAll(Array.from({ length: 300 }, (_, at) => `line ${at}`));
    await page.locator(".message", { hasText: "the first" }).waitFor({ state: "detached" });
    expect(await focusIn(page)).toMatch(/^log: row line \d+$/);
    await press(page, "Home");
    await page.locator(".log-jump").waitFor();
    await page.locator(".log-jump").focus();
    await press(page, "Enter");
    await page.locator(".log-jump").waitFor({ state: "detached" });
    const newest = await page.locator(".message .message-text").last().textContent();
    expect(await focusIn(page)).toBe(`log: row ${newest}`);
    speaker.leave();
    await guest.context.close();
  });
});

describe("F6", () => {
  it("cycles through the regions of the page: sidebar, messages, composer, side panel; Shift+F6 goes back", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await guest.join("/l/town-square/fr", "Goes around");
    await guest.say("something");
    await guest.hears("something");
    await page.locator(".side").waitFor();
    await page.locator(".composer-field").focus();
    const round: string[] = [];
    for (let at = 0; at < 4; at += 1) round.push(await press(page, "F6"));
    expect(round).toEqual(["side", "sidebar", "log: row something", "composer"]);
    const back: string[] = [];
    for (let at = 0; at < 4; at += 1) back.push(await press(page, "Shift+F6"));
    expect(back).toEqual(["log: row something", "sidebar", "side", "composer"]);
    await page.locator(".room-head").getByRole("button", { name: "Hide people" }).focus();
    expect(await press(page, "F6")).toBe("log: row something");
    await page.locator(".room-head").getByRole("button", { name: "Hide people" }).click();
    expect(await press(page, "F6", "F6", "F6")).toBe("sidebar");
    await press(page, "?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).getByText("Next section of the page").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("message actions", () => {
  const toolsCover = (page: Page): Promise<string[]> =>
    page.evaluate(() => {
      const tools = document.querySelector(".message-tools")?.getBoundingClientRect();
      const log = document.querySelector(".log")?.getBoundingClientRect();
      if (!tools || !log) return ["no buttons"];
      const faults = tools.top < log.top ? ["cut by the head"] : [];
      const range = document.createRange();
      for (const text of document.querySelectorAll(".message-text")) {
        range.selectNodeContents(text);
        for (const { top, bottom, left, right } of range.getClientRects())
          if (left < tools.right - 1 && right > tools.left + 1 && top < tools.bottom - 1 && bottom > tools.top + 1)
            faults.push(text.textContent ?? "");
      }
      return faults;
    });

  it("are fully visible in the first row, and do not cover the end of a long text or address", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    const speaker = await writer(server.url, "Writes long", await roomIdOf(server.url, "/l/town-square/ko"));
    await guest.join("/l/town-square/ko", "Points at rows");
    const long = "words and more words up to the very end of the line ".repeat(5);
    for (let at = 0; at < 16; at += 1) await speaker.say(at % 5 === 0 ? `short ${at}` : `${at} ${long}`);
    await page.locator(".message", { hasText: "short 15" }).waitFor();
    await page.locator(".log").focus();
    for (let at = 0; at < 16; at += 1) {
      await press(page, "ArrowUp");
      await expect.poll(() => toolsCover(page)).toEqual([]);
    }
    speaker.leave();
    await guest.context.close();
  });
});

describe("room on a phone with the on-screen keyboard", () => {
  it.each([
    ["one line", "Hello", "/l/games/en"],
    ["eight lines", "1\n2\n3\n4\n5\n6\n7\n8", "/l/games/de"],
  ])("shows at least four lines of messages at 390×380 while the user writes %s", async (_, draft, path) => {
    const guest = await visit(browser, server.url, { size: "phone", viewport: { width: 390, height: 380 } });
    const { page } = guest;
    const speaker = await writer(server.url, `Fills ${draft.length}`, await roomIdOf(server.url, path));
    await speaker.sayAll(Array.from({ length: 12 }, (_, at) => `row ${at}`));
    await guest.join(path, `Short ${draft.length}`);
    await page.locator(".message-text", { hasText: /^row 11$/ }).waitFor();
    await page.locator(".composer-field").focus();
    await page.locator(".composer-field").fill(draft);
    const { lines, sunk } = await page.evaluate(() => {
      const log = document.querySelector(".log");
      const text = document.querySelector(".message-text");
      if (!log || !text) return { lines: 0, sunk: 1 };
      const field = document.querySelector(".composer")?.getBoundingClientRect();
      return { lines: log.clientHeight / Number.parseFloat(getComputedStyle(text).lineHeight), sunk: (field?.bottom ?? 0) - innerHeight };
    });
    expect(lines).toBeGreaterThanOrEqual(4);
    expect(sunk).toBeLessThanOrEqual(0);
    // The newest message stays visible while the composer grows.
    const hiddenPart = () =>
      page.locator(".log").evaluate((log) => {
        const newest = [...log.querySelectorAll(".message")].at(-1);
        return newest ? newest.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom : Number.POSITIVE_INFINITY;
      });
    await expect.poll(hiddenPart).toBeLessThanOrEqual(0);
    expect(await page.locator(".log-jump").count()).toBe(0);
    expect(await page.locator(".bottom-bar").isVisible()).toBe(false);
    await expectSound(guest);
    await page.locator(".composer-field").blur();
    await page.locator(".bottom-bar").waitFor();
    speaker.leave();
    await guest.context.close();
  });
});
