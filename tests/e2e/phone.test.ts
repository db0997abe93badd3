import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "../support/browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { ROOM } from "./room-record.ts";
import { expectSound } from "./soundness.ts";
import { visit } from "./visitor.ts";

let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
});

const pathOf = (page: Page): string => new URL(page.url()).pathname;

const openPeople = async (page: Page): Promise<void> => {
  await page.locator(".room-head").getByRole("button", { name: "Details" }).click();
  await page
    .locator(".head-menu")
    .getByRole("button", { name: /People/ })
    .click();
  await page.locator(".people").waitFor();
};

/** Whether an element shows all of its text, and all of it in the window. */
const isLegible = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).evaluate((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    return width > 0 && element.scrollWidth <= element.clientWidth && left >= 0 && right <= innerWidth;
  });

describe("a room on a phone", () => {
  it.each([
    [320, "en"],
    [390, "en"],
    [320, "de"],
    [390, "ar"],
  ])("shows its name and its lounge whole at %i px, %s", async (width, locale) => {
    const guest = await visit(browser, server.url, { size: "phone", locale, viewport: { width, height: 700 } });
    await guest.join(`/l/town-square/${locale}`, `Narrow ${width} ${locale}`);
    for (const selector of [".room-title h1 bdi", ".room-lounge"]) expect(await isLegible(guest.page, selector)).toBe(true);
    await expectSound(guest);
    await guest.context.close();
  });

  it("has the focus after one has joined, and not its field, over which the keyboard would come", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Joins by finger");
    expect(await guest.page.evaluate(() => document.activeElement?.id)).toBe("content");
    await guest.context.close();
  });

  it("has what belongs to it behind its name: people, pins, search and notifications", async () => {
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

describe("the browser's back", () => {
  it("closes what lies in front of a room and stays in it, and forward does not open it again", async () => {
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

  it("does so after a deep link too, where it would leave the site", async () => {
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

  it("is not used up by what was closed by other means, nor by where one went from there", async () => {
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

describe("a dialog that is opened while the browser still leaves another one's entry", () => {
  it("stays open, and back closes it", async () => {
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

describe("the bottom bar", () => {
  it("leads to rooms and to oneself at addresses of their own, and marks where something is unread", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Reads on a phone");
    const other = await visit(browser, server.url);
    await guest.page.locator(".bottom-bar").getByRole("link", { name: "Rooms" }).click();
    await guest.page.locator(".rooms-body .rail-room").first().waitFor();
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
  it("leaves it under its author, gives the focus to Undo, and to the message once that is over", async () => {
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
    // Leaving the room ends the ten seconds.
    await ann.open("/");
    const gone = ben.page.locator(".message-gone");
    await gone.waitFor();
    expect(await gone.locator(".message-author").textContent()).toBe("Ann deletes");
    await Promise.all([ann.context.close(), ben.context.close()]);
  });
});
