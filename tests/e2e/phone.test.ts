import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ROOM } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { expectSound } from "./soundness.ts";
import { visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

const pathOf = (page: Page): string => new URL(page.url()).pathname;

const openPeople = async (page: Page): Promise<void> => {
  await page.locator(".room-head").getByRole("button", { name: "Details" }).click();
  await page
    .locator(".head-menu")
    .getByRole("button", { name: /People/ })
    .click();
  await page.locator(".people").waitFor();
};

/** Returns whether an element shows all of its text, and all of it within the window. */
const isLegible = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).evaluate((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && element.scrollWidth <= element.clientWidth && left >= 0 && right <= innerWidth;
  });

describe("room on a phone", () => {
  it.each([
    [320, "en"],
    [390, "en"],
    [320, "de"],
    [390, "ar"],
  ])("shows its full name and lounge at %i px, %s", async (width, locale) => {
    const guest = await visit(browser, server.url, { size: "phone", locale, viewport: { width, height: 700 } });
    await guest.join(`/l/town-square/${locale}`, `Narrow ${width} ${locale}`);
    for (const selector of [".room-title h1 bdi", ".room-lounge"]) expect(await isLegible(guest.page, selector)).toBe(true);
    await expectSound(guest);
    await guest.context.close();
  });

  it("has the focus after joining instead of its text field, which would open the on-screen keyboard", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Joins by finger");
    expect(await guest.page.evaluate(() => document.activeElement?.id)).toBe("content");
    await guest.context.close();
  });

  it("offers its menu behind its name: people, pins, search and notifications", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Looks behind names");
    await guest.page.locator(".room-title-button").click();
    await guest.page.locator(".head-menu").waitFor();
    await expectSound(guest);
    await guest.page.locator(".head-menu").getByText("Pinned messages").click();
    await guest.page.locator(".pins").waitFor();
    await expectSound(guest);
    await guest.page.goBack();
    await guest.page.locator(".pins").waitFor({ state: "detached" });
    await guest.page.locator(".room-title-button").click();
    await guest.page.locator(".head-menu input[type=radio]").nth(2).check({ force: true });
    await guest.page.keyboard.press("Escape");
    await guest.page.locator(".room-title-button").click();
    expect(await guest.page.locator(".head-menu input[type=radio]").nth(2).isChecked()).toBe(true);
    await guest.context.close();
  });
});

describe("browser's Back button", () => {
  it("closes overlays of a room without leaving it, and Forward does not reopen them", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Goes back");
    await guest.open("/lounges");
    await guest.page.locator(`a[href="${ROOM}"]`).first().click();
    await guest.page.locator(".composer-field").waitFor();
    await openPeople(guest.page);
    await guest.page.goBack();
    await guest.page.locator(".people").waitFor({ state: "detached" });
    expect(pathOf(guest.page)).toBe(ROOM);
    await guest.page.goForward();
    await expect.poll(() => pathOf(guest.page)).toBe(ROOM);
    expect(await guest.page.locator("dialog[open]").count()).toBe(0);
    await guest.page.goBack();
    await expect.poll(() => pathOf(guest.page)).toBe("/lounges");
    await guest.context.close();
  });

  it("closes overlays after a deep link too, where it would otherwise leave the site", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Came by a link");
    const page = await guest.context.newPage();
    await page.goto(ROOM);
    await page.locator(".composer-field").waitFor();
    await openPeople(page);
    await page.goBack();
    await page.locator(".people").waitFor({ state: "detached" });
    expect(pathOf(page)).toBe(ROOM);
    await guest.context.close();
  });

  it("needs no extra presses after overlays were closed by other means or by navigation", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Opens and closes");
    await guest.open("/lounges");
    await guest.page.locator(`a[href="${ROOM}"]`).first().click();
    for (let times = 0; times < 3; times += 1) {
      await openPeople(guest.page);
      await guest.page.locator("dialog[open]").getByRole("button", { name: "Close", exact: true }).click();
      await guest.page.locator(".people").waitFor({ state: "detached" });
    }
    await guest.page.keyboard.press("Control+k");
    await guest.page.locator(".switcher-option").filter({ hasText: "Deutsch" }).first().click();
    await expect.poll(() => pathOf(guest.page)).toMatch(/\/de$/);
    await guest.page.goBack();
    await expect.poll(() => pathOf(guest.page)).toBe(ROOM);
    await guest.page.goBack();
    await expect.poll(() => pathOf(guest.page)).toBe("/lounges");
    expect(await guest.page.locator("dialog[open]").count()).toBe(0);
    await guest.context.close();
  });
});

describe("dialog opened while the browser still leaves the history entry of another one", () => {
  it("stays open, and Back closes it", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    const { page } = guest;
    await guest.join(ROOM, "Opens at once");
    await page.keyboard.press("Control+k");
    await page.locator(".switcher-option").first().waitFor();
    await page.goBack();
    await openPeople(page);
    await page.evaluate(() => {
      const back = history.back.bind(history);
      history.back = () => {
        history.back = back;
        back();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true, bubbles: true }));
      };
    });
    await page.locator("dialog[open]").getByRole("button", { name: "Close", exact: true }).click();
    await page.locator(".people").waitFor({ state: "detached" });
    await page.locator(".switcher-option").first().waitFor();
    await page.goBack();
    await page.locator(".switcher-option").first().waitFor({ state: "detached" });
    expect(pathOf(page)).toBe(ROOM);
    await guest.context.close();
  });
});

describe("bottom bar", () => {
  it("links to rooms and the account at their own addresses, and shows unread badges", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Reads on a phone");
    const other = await visit(browser, server.url);
    await guest.page.locator(".bottom-bar").getByRole("link", { name: "Rooms" }).click();
    await guest.page.locator(".rooms-body .sidebar-room").first().waitFor();
    expect(pathOf(guest.page)).toBe("/rooms");
    await expectSound(guest);
    await other.join(ROOM, "Writes meanwhile");
    await other.say("Is anybody on a phone?");
    await guest.page.locator(".bottom-bar").getByRole("link", { name: "Rooms, unread" }).waitFor();
    await guest.page.locator(".bottom-bar").getByRole("link", { name: "Me", exact: true }).click();
    await guest.page.locator(".me").waitFor();
    expect(pathOf(guest.page)).toBe("/me");
    await expectSound(guest);
    await guest.page.goBack();
    await expect.poll(() => pathOf(guest.page)).toBe("/rooms");
    await Promise.all([guest.context.close(), other.context.close()]);
  });
});

describe("deleting a message", () => {
  it("keeps it under its author, focuses Undo, and then the message", async () => {
    const [ann, ben] = await Promise.all([visit(browser, server.url), visit(browser, server.url)]);
    await ann.join("/l/town-square/fr", "Ann deletes");
    await ben.join("/l/town-square/fr", "Ben looks on");
    await ben.say("What Ben said");
    await ann.hears("What Ben said");
    await ann.say("What Ann takes back");
    await ben.hears("What Ann takes back");
    const row = ann.page.locator(".message", { hasText: "What Ann takes back" });
    await row.focus();
    await ann.page.keyboard.press("Enter");
    await ann.page.getByRole("menuitem", { name: "Delete" }).click();
    const undo = ann.page.getByRole("button", { name: "Undo" });
    await expect.poll(() => undo.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await ann.page.locator(".message-gone .message-author").textContent()).toBe("Ann deletes");
    await ann.page.keyboard.press("Enter");
    await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
    await ann.page.keyboard.press("Enter");
    await ann.page.getByRole("menuitem", { name: "Delete" }).click();
    // Leaving the room ends the ten-second undo period.
    await ann.open("/");
    const gone = ben.page.locator(".message-gone");
    await gone.waitFor();
    expect(await gone.locator(".message-author").textContent()).toBe("Ann deletes");
    await Promise.all([ann.context.close(), ben.context.close()]);
  });
});
