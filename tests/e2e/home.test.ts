import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationDto } from "../../utils/contract/schemas/conversations.ts";
import type { UnreadRoomDto } from "../../utils/contract/schemas/own-rooms.ts";
import { newId } from "../../utils/ids.ts";
import { type Member, newPerson, seat } from "./members.ts";
import { roomIdOf } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { expectSound } from "./soundness.ts";
import { visit } from "./visitor.ts";

let ann: Member;
let ben: Member;

const { server, browser } = await serverForFile();

beforeEach(async () => {
  [ann, ben] = [await newPerson(server, "Ann Regular"), await newPerson(server, "Ben Writer")];
});

const pathOf = (page: Page): string => new URL(page.url()).pathname;
const star = async (path: string) => ann.ask("PUT", `/api/chatroom/rooms/${await roomIdOf(server.url, path)}/star`);
const sayIn = (person: Member, roomId: string, text: string) =>
  person.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text });
const say = async (person: Member, path: string, text: string) => sayIn(person, await roomIdOf(server.url, path), text);

/** Returns the rooms that the server lists as unread for Ann. */
async function unreadOfAnn(): Promise<string[]> {
  const { body } = await ann.ask("GET", "/api/chatroom/unread/rooms");
  return (body as unknown as { items: UnreadRoomDto[] }).items.map(({ roomId }) => roomId);
}

/** Creates a direct conversation between Ann and another member. */
async function talkWith(person: Member): Promise<string> {
  await ann.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  const { body } = await person.ask("POST", "/api/conversations", { userId: ann.id });
  const { id } = body as unknown as ConversationDto;
  await ann.ask("POST", `/api/conversations/${id}/accept`);
  return id;
}

/** Returns what has the focus: the address of a link, or the class of any other element. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute("href") ?? document.activeElement?.className ?? "");

describe("opening the site", () => {
  it("shows a member what is new since their last visit, mentions first; the key N cycles through it", async () => {
    const quiet = "/l/town-square/fr";
    const noted = "/l/music/de";
    for (const path of [quiet, noted]) await star(path);
    await say(ben, noted, `**Are** you there, <@${ann.id}>?`);
    await say(ben, quiet, "It runs, **no more excuses**");
    const guest = await seat(browser, server, ann);
    await guest.open("/");
    const items = guest.page.locator("[data-unread-room]");
    await expect.poll(() => items.count()).toBe(2);
    expect(await items.first().textContent()).toContain("Deutsch · Music");
    expect(await items.first().textContent()).toContain("Ben Writer⁩: Are you there, @Ann Regular?");
    expect(await items.last().textContent()).toContain("It runs, no more excuses");
    expect(await guest.page.getByText("No account needed").count()).toBe(0);
    expect(pathOf(guest.page)).toBe("/");
    await expectSound(guest);
    for (const path of [noted, quiet]) {
      await guest.page.keyboard.press("n");
      await guest.page.waitForURL(`**${path}`);
      await guest.page.locator(".composer-field").waitFor();
      await guest.page.locator(`.sidebar-room[href="${path}"]`).and(guest.page.locator("[aria-current]")).waitFor();
      // Visible messages count as read once the member has entered the room.
      await expect.poll(unreadOfAnn).not.toContain(await roomIdOf(server.url, path));
      expect(await focused(guest.page)).not.toContain("composer-field");
    }
    await guest.page.locator(".sidebar-next").waitFor({ state: "detached" });
    await guest.page.keyboard.press("n");
    await guest.page.getByText("You’re all caught up").waitFor();
    expect(pathOf(guest.page)).toBe("/home");
    await expectSound(guest);
    await guest.context.close();
  });

  it("leads a member without unread messages to their last room, and a new visitor to the lounges", async () => {
    const guest = await seat(browser, server, ann);
    await guest.open("/l/games/en");
    await guest.page.locator(".composer-field").waitFor();
    await guest.open("/");
    await guest.page.waitForURL("**/l/games/en");
    await guest.page.locator(".composer-field").waitFor();
    await guest.page.locator(".brand").click();
    await guest.page.getByText("You’re all caught up").waitFor();
    expect(pathOf(guest.page)).toBe("/home");
    const stranger = await visit(browser, server.url);
    await stranger.open("/home");
    await stranger.page.getByText("No account needed").waitFor();
    await Promise.all([guest.context.close(), stranger.context.close()]);
  });

  it("leads a returning guest to unread messages in the rooms they wrote in", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join("/l/travel-and-food/en", "Gus Returns");
    await guest.say("I was here");
    await guest.hears("I was here");
    await guest.open("about:blank");
    await say(ben, "/l/travel-and-food/en", "And where are you now?");
    await guest.open("/");
    await guest.page.locator("[data-unread-room]", { hasText: "And where are you now?" }).waitFor();
    await expectSound(guest);
    await guest.page.getByRole("button", { name: "Mark all as read" }).click();
    await guest.page.getByText("You’re all caught up").waitFor();
    await guest.page.reload();
    await guest.page.waitForURL("**/l/travel-and-food/en");
    await guest.context.close();
  });
});

describe("sidebar", () => {
  it("lists the user's own rooms with their lounges on top; starring syncs to all devices", async () => {
    const guest = await seat(browser, server, ann);
    const phone = await seat(browser, server, ann, { size: "phone" });
    await star("/l/music/en");
    await guest.open("/l/town-square/en");
    await guest.page.locator(".room-head").getByRole("button", { name: "Star English · Town Square" }).click();
    await phone.open("/rooms");
    const starred = phone.page.locator(".own-room").filter({ hasText: "Town Square" });
    await starred.waitFor();
    await expectSound(phone);
    const own = guest.page.locator(".sidebar .own-room");
    await expect.poll(() => own.allTextContents()).toHaveLength(2);
    expect((await own.allTextContents()).map((text) => text.replace(/\d.*/, ""))).toEqual(["EnglishTown Square", "EnglishMusic"]);
    await expectSound(guest);
    await own.first().hover();
    await own.first().getByRole("button", { name: "Remove star from English · Town Square" }).click();
    await starred.waitFor({ state: "detached" });
    await phone.open("/l/music/en");
    await phone.page.locator(".room-head").getByRole("button", { name: "Details" }).click();
    await phone.page.getByRole("button", { name: "Remove star" }).click();
    await own.filter({ hasText: "Music" }).waitFor({ state: "detached" });
    await Promise.all([guest.context.close(), phone.context.close()]);
  });

  it("has one tab stop per list, supports arrow keys, and keeps the focus while the list changes", async () => {
    for (const path of ["/l/town-square/de", "/l/town-square/en", "/l/music/de"]) await star(path);
    const guest = await seat(browser, server, ann);
    await guest.open("/home");
    const { page } = guest;
    await expect.poll(() => page.locator(".sidebar .own-room").count()).toBe(3);
    const stops = page.locator('.sidebar .own-rooms :is(a, button):not([tabindex="-1"])');
    expect(await stops.count()).toBe(1);
    await stops.focus();
    expect(await focused(page)).toBe("/l/town-square/de");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe("/l/town-square/en");
    await page.keyboard.press("End");
    expect(await focused(page)).toBe("/l/music/de");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await star("/l/games/en");
    await expect.poll(() => page.locator(".sidebar .own-room").count()).toBe(4);
    expect(await focused(page)).toBe("/l/town-square/en");
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toContain("sidebar-star");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator(".sidebar .own-room").count()).toBe(3);
    await expect.poll(() => focused(page)).toBe("/l/music/de");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toContain("browse-button");
    await guest.context.close();
  });

  it.each([
    ["at 820 px", { width: 820, height: 1180 }],
    ["at 200 % zoom", { width: 720, height: 450 }],
  ])("shows the site name on one line %s", async (_where, viewport) => {
    const guest = await seat(browser, server, ann, { viewport });
    await guest.open("/home");
    const { height = 0 } = (await guest.page.locator(".sidebar .brand > span").boundingBox()) ?? {};
    expect(height).toBeGreaterThan(10);
    expect(height).toBeLessThan(30);
    await guest.context.close();
  });
});

describe("quick switcher", () => {
  it("ranks unread rooms first, then recent ones, and highlights exactly one row", async () => {
    for (const path of ["/l/music/de", "/l/games/de"]) await star(path);
    await say(ben, "/l/games/de", "unread");
    await say(ben, "/l/music/de", `named <@${ann.id}>`);
    const guest = await seat(browser, server, ann);
    const { page } = guest;
    for (const path of ["/l/travel-and-food/es", "/l/town-square/es"]) {
      await guest.open(path);
      await page.locator(".composer-field").waitFor();
    }
    await page.keyboard.press("Control+k");
    const options = page.locator(".switcher-option");
    await expect
      .poll(async () => (await options.allTextContents()).slice(0, 3).map((text) => text.replace(/unread.*/, "")))
      .toEqual(["DeutschMusic", "DeutschGames", "EspañolTravel & Food"]);
    await options.nth(2).hover();
    await expect.poll(() => page.locator('.switcher-option[aria-selected="true"]').count()).toBe(1);
    expect(await options.nth(2).getAttribute("aria-selected")).toBe("true");
    await expectSound(guest);
    await guest.context.close();
  });

  it("runs commands and opens settings pages", async () => {
    const guest = await seat(browser, server, ann);
    const { page } = guest;
    await guest.open("/home");
    await page.locator(".sidebar-me").waitFor();
    const run = async (words: string) => {
      await page.keyboard.press("Control+k");
      await page.locator("#place-lounges").waitFor({ state: "attached" });
      await page.keyboard.type(words);
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor({ state: "detached" });
    };
    await run("appearance dark");
    await expect.poll(() => page.locator("html").getAttribute("data-theme")).toBe("dark");
    await run("settings privacy");
    await page.waitForURL("**/settings/privacy");
    await run("sign out");
    await page.locator(".top-me").waitFor({ state: "detached" });
    await guest.context.close();
  });

  it("does not open from the rooms page of a phone, which lists unread rooms first and shows its full hint", async () => {
    for (const path of ["/l/town-square/de", "/l/music/de"]) await star(path);
    await say(ben, "/l/music/de", "unread");
    const guest = await seat(browser, server, ann, { size: "phone", locale: "de-DE" });
    await guest.open("/rooms");
    await expect.poll(async () => (await guest.page.locator(".own-room").first().textContent()) ?? "").toContain("Music");
    expect(await guest.page.locator("input").count()).toBe(0);
    await guest.page.locator(".inbox-head button").click();
    const field = guest.page.locator(".switcher-field input");
    await field.waitFor();
    const isWhole = await field.evaluate((input: HTMLInputElement) => {
      const pen = document.createElement("canvas").getContext("2d");
      if (!pen) return false;
      pen.font = getComputedStyle(input).font;
      return pen.measureText(input.placeholder).width <= input.clientWidth;
    });
    expect(isWhole).toBe(true);
    await guest.context.close();
  });
});

describe("messages page", () => {
  it("on a wide screen shows a hint instead of repeating the sidebar's list", async () => {
    await talkWith(ben);
    const guest = await seat(browser, server, ann);
    await guest.open("/m");
    await guest.page.getByRole("heading", { name: "Select a conversation" }).waitFor();
    expect(await guest.page.locator("#content .conversation-link").count()).toBe(0);
    await guest.page.locator("#content").getByRole("button", { name: "New message" }).last().waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("room name", () => {
  it("includes the lounge in the page title, the composer and the start of the room", async () => {
    const guest = await seat(browser, server, ann);
    await guest.open("/l/language-exchange/it");
    const field = guest.page.locator(".composer-field");
    await field.waitFor();
    await expect.poll(() => guest.page.title()).toBe("Italiano · Language Exchange · The Chatroom");
    expect(await field.getAttribute("placeholder")).toBe("Message Italiano · Language Exchange");
    expect(await field.getAttribute("aria-label")).toBe("Message Italiano · Language Exchange");
    await guest.page.getByText("Welcome to Italiano · Language Exchange").waitFor();
    await guest.context.close();
  });
});
