import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { newPerson, seat } from "./members.ts";
import { roomIdOf } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { writer } from "./socket-writer.ts";
import { visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

/** Returns the role or tag and the accessible name of the focused element. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return "nothing";
    const row = element.matches(".message") ? element.querySelector(".message-text, p")?.textContent : undefined;
    if (row !== undefined) return `message ${row}`;
    const kind = element.getAttribute("role") ?? element.tagName.toLowerCase();
    const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined;
    return `${kind} ${element.getAttribute("aria-label") ?? label ?? element.textContent}`.replace(/\s+/g, " ").trim();
  });

/** Returns helpers that press keys and check the focus afterwards. */
function hands(page: Page) {
  const has = (wanted: string | RegExp) => expect.poll(() => focused(page)).toMatch(wanted);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  /** Presses Tab until a matching element has the focus; gives up after 60 presses. */
  const tabTo = async (wanted: RegExp) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await press("Tab");
      if (wanted.test(await focused(page))) return;
    }
    throw new Error(`no way to ${wanted} by Tab; last: ${await focused(page)}`);
  };
  return { has, press, tabTo, type: (text: string) => page.keyboard.type(text) };
}

it("keyboard-only member chats, reacts, replies, edits, deletes, searches, starts a conversation, blocks, and signs out without losing the focus", async () => {
  const path = "/l/town-square/en";
  const tom = await newPerson(server, "Tom Tapper");
  const other = await seat(browser, server, tom);
  await other.open(path);
  await other.page.locator(".composer-field").waitFor();
  await other.say("who wants tea");
  await other.hears("who wants tea");
  const member = await seat(browser, server, await newPerson(server, "Kay Keys"));
  const { page, troubles } = member;
  const { has, press, tabTo, type } = hands(page);

  // Enter a room.
  await member.open("/");
  await page.locator(".sidebar-me").waitFor();
  await press("Control+k");
  await has("combobox");
  await type("town square english");
  await press("Enter");
  await page.waitForURL(`**${path}`);
  await has("textarea Message English · Town Square");

  // Send a message.
  await member.hears("who wants tea");
  await type("I do");
  await press("Enter");
  await member.hears("I do");
  await has("textarea");

  // React.
  await press("Shift+Tab");
  await has("message I do");
  await press("ArrowUp");
  await has("message who wants tea");
  await press("+");
  await has("input Search emoji");
  await type("thumbs up");
  await press("Enter");
  await has("message who wants tea");
  await other.page.locator(".reaction").first().waitFor();

  // Reply.
  await press("r");
  await has("textarea");
  await type("with milk");
  await press("Enter");
  await other.hears("with milk");
  await has("textarea");

  // Edit.
  await press("ArrowUp");
  await type(" and sugar");
  await press("Enter");
  await other.hears("with milk and sugar");
  await has("textarea");

  // Delete, and undo it.
  await press("Shift+Tab");
  await has("message who wants tea");
  await press("End");
  await has("message with milk and sugar");
  await press("Enter");
  await has("menuitem Reply");
  await press("ArrowUp");
  await has("menuitem Delete");
  await press("Enter");
  await has("button Undo");
  await press("Enter");
  await has("message with milk and sugar");

  // Search.
  await press("/");
  await has("input ");
  await type("tea");
  await press("Enter");
  await page.locator(".found mark").waitFor();
  await tabTo(/^a .*who wants/);
  await press("Enter");
  await has("message who wants tea");
  await press("Escape");
  await has("textarea");

  // Start a conversation.
  await press("Shift+Tab", "Home");
  await has("message who wants tea");
  await press("ArrowRight");
  await has("button Tom Tapper");
  await press("Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Message", exact: true }).waitFor();
  await tabTo(/^button Message$/);
  await press("Enter");
  await page.waitForURL("**/m/**");
  await has("textarea Message");
  await type("tea at five");
  await press("Enter");
  await member.hears("tea at five");

  // Block.
  await page.goBack();
  await page.waitForURL(`**${path}`);
  await has(/^(textarea|message)/);
  await press("F6");
  for (let presses = 0; !/^message/.test(await focused(page)) && presses < 5; presses += 1) await press("F6");
  await press("Home", "ArrowRight", "Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Block" }).waitFor();
  await tabTo(/^button Block$/);
  await press("Enter");
  await has("button Undo");

  // Open the settings and sign out.
  await press("F6");
  for (let presses = 0; !(await page.evaluate(() => document.activeElement?.closest(".sidebar") !== null)) && presses < 5; presses += 1)
    await press("F6");
  await tabTo(/^button Me: Kay Keys/);
  await press("Enter");
  await has(/^button Close/);
  await tabTo(/^a Account and settings/);
  await press("Enter");
  await page.waitForURL("**/settings");
  await has("h1 Profile");
  await page.goBack();
  await page.waitForURL(`**${path}`);
  await has("textarea");
  await press("F6");
  for (let presses = 0; !(await page.evaluate(() => document.activeElement?.closest(".sidebar") !== null)) && presses < 5; presses += 1)
    await press("F6");
  await tabTo(/^button Me: Kay Keys/);
  await press("Enter");
  await tabTo(/^button Sign out/);
  await press("Enter");
  await page.locator("#guest-name").waitFor();
  await has(/^(input|h1|main)/);
  expect(troubles).toEqual([]);
  await Promise.all([member.context.close(), other.context.close()]);
});

it("keyboard-only visitor joins a room by name and lands in the composer", async () => {
  const guest = await visit(browser, server.url);
  const { page } = guest;
  const { has, press, type } = hands(page);
  const speaker = await writer(server.url, "Says hello", await roomIdOf(server.url, "/l/music/en"));
  await speaker.say("hello");
  await guest.open("/l/music/en");
  await has("input What should people call you?");
  await press("Control+a");
  await type("Nia No Mouse");
  await press("Enter");
  await has("textarea Message English · Music");
  // Wait for the greeting between the message list and the composer, which appears a moment later.
  await page.locator(".greeting-wave").waitFor();
  await press("Shift+Tab");
  await has("button Dismiss");
  await press("Shift+Tab");
  await has("button Say hi");
  await press("Shift+Tab");
  await has("message hello");
  speaker.leave();
  await guest.context.close();
});
