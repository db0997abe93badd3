import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { signUp, troublesOf } from "../account/account-steps.ts";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

const boxOf = async (page: Page, selector: string) => {
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`nothing is shown for ${selector}`);
  return box;
};

describe("settings", () => {
  it("on a wide screen: keep the sidebar, have their own titles and lead back to the room", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await guest.join(ROOM, "Sam of Settings");
    await page.locator(".sidebar-me").click();
    await page.getByRole("link", { name: "Appearance" }).click();
    await page.getByText("Dark", { exact: true }).click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
    expect(await page.title()).toBe("Appearance · Settings · The Chatroom");
    for (const [link, title] of [
      ["Language", "Language · Settings · The Chatroom"],
      ["Keyboard shortcuts", "Keyboard shortcuts · Settings · The Chatroom"],
      ["Your data", "Your data · Settings · The Chatroom"],
    ] as const) {
      await page.locator(".settings-nav").getByRole("link", { name: link }).click();
      await expect.poll(() => page.title()).toBe(title);
      await page.locator(".sidebar").waitFor();
      await expectSound(guest);
    }
    await page.getByRole("link", { name: /Back to .*English · Town Square/ }).click();
    await page.locator(".composer-field").waitFor();
    expect(new URL(page.url()).pathname).toBe(ROOM);
    await guest.context.close();
  });

  it("on a tablet: show the sidebar next to the list, and next to one page", async () => {
    const guest = await visit(browser, server.url, { size: "tablet" });
    await guest.join(ROOM, "Tia of Tablets");
    await guest.open("/settings");
    await guest.page.locator(".sidebar").waitFor();
    await guest.page.locator(".settings-nav").getByRole("link", { name: "Appearance" }).click();
    await guest.page.getByRole("heading", { name: "Appearance" }).waitFor();
    expect(await guest.page.locator(".sidebar").isVisible()).toBe(true);
    await expectSound(guest);
    await guest.page.getByRole("link", { name: "All settings" }).click();
    await guest.page.locator(".settings-nav").waitFor();
    await guest.context.close();
  });

  it("on a phone: the back arrow leads to the list, and from there to the room", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    const { page } = guest;
    await guest.join(ROOM, "Pia of Phones");
    await page.locator('.bottom-bar a[href="/me"]').click();
    await page.getByRole("link", { name: "Language" }).click();
    await page.getByRole("heading", { name: "Language" }).waitFor();
    await expectSound(guest);
    await page.locator(".settings-bar").getByRole("link", { name: "All settings" }).click();
    await page.locator(".settings-nav").waitFor();
    await page
      .locator(".settings-bar")
      .getByRole("link", { name: /English · Town Square/ })
      .click();
    await page.locator(".composer-field").waitFor();
    await guest.context.close();
  });

  it("without a session: allow language and appearance, and prompt for an account only where one is required", async () => {
    const guest = await visit(browser, server.url);
    await guest.open("/settings");
    await guest.page.locator(".account-next").waitFor();
    await guest.page.locator(".settings-nav").getByRole("link", { name: "Language" }).click();
    await guest.page.locator("select").selectOption("de");
    await guest.page.getByRole("heading", { name: "Sprache" }).waitFor();
    await expectSound(guest);
    await guest.context.close();
  });

  it("account menu shows all entries, down to signing out", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(ROOM, "Max of Menus");
    await guest.page.locator(".sidebar-me").click();
    await guest.page.locator(".me").waitFor();
    const menu = guest.page.locator(".me");
    expect(await menu.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(1);
    expect(await guest.page.getByRole("switch").count()).toBe(0);
    await guest.context.close();
  });
});

describe("composer", () => {
  it("shows the remaining or excess characters below the text, and keeps the width of the text field", async () => {
    const guest = await visit(browser, server.url, { locale: "de-DE", size: "phone" });
    const { page } = guest;
    await guest.join(ROOM, "Kim of Counters");
    const field = page.locator(".composer-field");
    await field.fill("kurz");
    const before = await boxOf(page, ".composer-field");
    await field.fill("wort ".repeat(798));
    await page.getByText("Noch 11 Zeichen").waitFor();
    const after = await boxOf(page, ".composer-field");
    expect([after.x, after.width]).toEqual([before.x, before.width]);
    expect((await boxOf(page, ".composer-left")).y).toBeGreaterThanOrEqual(after.y + after.height);
    await field.fill("👨‍👩‍👧‍👦".repeat(1_750));
    await page.getByText(/Etwa 29\d Emojis zu viel/).waitFor();
    expect(await page.locator(".composer-send").isDisabled()).toBe(true);
    await expectSound(guest);
    await guest.context.close();
  });

  it("warns guests about links while they type, links to sign-up, and sends the text without the link", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await guest.join(ROOM, "Lee of Links");
    await page.locator(".composer-field").fill("look at https://example.org");
    const foot = page.locator(".composer-foot");
    await foot.getByText("Guests can’t send links.").waitFor();
    await page.locator(".composer-field").press("Enter");
    expect(await guest.texts()).toEqual([]);
    await expectSound(guest);
    await foot.getByRole("link", { name: "Create an account" }).click();
    await page.locator("#username").waitFor();
    await page.goBack();
    await page.locator(".composer-field").waitFor();
    expect(await page.locator(".composer-field").inputValue()).toBe("look at https://example.org");
    await page.locator(".composer-field").fill("look at example dot org");
    await page.locator(".composer-field").press("Enter");
    await guest.hears("look at example dot org");
    await guest.context.close();
  });

  it("highlights exactly one suggestion: the one under the pointer, which Enter selects", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await guest.join(ROOM, "Cem of Completion");
    await page.locator(".composer-field").pressSequentially(":smi");
    const options = page.locator(".completion-option");
    await options.nth(2).hover();
    await expect.poll(() => options.nth(2).getAttribute("aria-selected")).toBe("true");
    const looks = await options.evaluateAll((all) => all.map((one) => getComputedStyle(one).backgroundColor));
    expect(looks.filter((look) => look === looks[2])).toHaveLength(1);
    const emoji = await options.nth(2).locator(".completion-emoji").textContent();
    await page.keyboard.press("Enter");
    expect(await page.locator(".composer-field").inputValue()).toContain(emoji);
    await guest.context.close();
  });
});

describe("new password", () => {
  it.each(["password123", "qwertyuiop1", "iloveyou2024"])("%s is reported as common while typing, like on the server", async (password) => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await guest.open("/signup");
    await page.locator("#username").fill("mina.meter");
    await page.locator("#password").pressSequentially(password);
    await page.locator(".strength-common").waitFor();
    expect(await page.locator(".strength").textContent()).not.toMatch(/Fair|Good|Strong/);
    await page.locator("#password").fill("a river under the bridge");
    await page.locator(".strength-strong").waitFor();
    await page.locator("#password").fill("mina.meter2026");
    await page.locator(".strength-name").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("length limits of other fields", () => {
  it("guest name: shows the excess characters, and disables the button", async () => {
    const guest = await visit(browser, server.url);
    await guest.open(ROOM);
    await guest.page.locator("#guest-name").fill("n".repeat(35));
    await guest.page.getByText("3 characters over the limit").waitFor();
    expect(await guest.page.locator(".join-button").isDisabled()).toBe(true);
    await guest.context.close();
  });

  it("profile: name and pronouns show the remaining or excess characters", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    await signUp(guest, server.url);
    await guest.open("/settings/profile");
    await page.locator("#display-name").fill("n".repeat(40));
    await page.locator("#display-name-error").getByText("8").waitFor();
    await page.locator("#display-name").fill("n".repeat(30));
    await page.locator("#display-name-hint").getByText("2").waitFor();
    await page.locator("#pronouns").fill("p".repeat(45));
    await page.locator("#pronouns-error").getByText("5").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("taken guest name", () => {
  it("does not move the button, so that a second click selects nothing", async () => {
    const ben = await visit(browser, server.url);
    await ben.open(ROOM);
    await ben.page.locator("#guest-name").fill("admin");
    await ben.page.evaluate(() => document.fonts.ready.then(() => undefined));
    const before = await boxOf(ben.page, ".join-button");
    await ben.page.locator(".join-button").click();
    await ben.page.locator(".join-suggestions .chip").first().waitFor();
    expect((await boxOf(ben.page, ".join-button")).y).toBe(before.y);
    // Only the rejected name may appear in the console.
    ben.troubles.splice(0, Number.POSITIVE_INFINITY, ...troublesOf(ben, /\/api\/auth\/guest$/));
    await expectSound(ben);
    await ben.context.close();
  });
});

describe("users who may not pin", () => {
  it("see who can pin instead of an error", async () => {
    const guest = await visit(browser, server.url);
    await guest.join("/l/games/en", "Pim of Pins");
    await guest.page.getByRole("button", { name: "Pinned messages" }).click();
    await guest.page.getByText("Moderators can pin messages that everyone should see.").waitFor();
    await guest.context.close();
  });
});

describe("deleting a guest account", () => {
  it("is confirmed with a phrase in the user's language, and shows the former guest in each reader's language", async () => {
    const room = "/l/music/en";
    const ann = await visit(browser, server.url, { locale: "de-DE" });
    const ben = await visit(browser, server.url, { locale: "ar" });
    await ann.join(room, "Ann of Leaving");
    await ann.say("I was here");
    await ann.hears("I was here");
    await ben.join(room, "بن");
    await ann.open("/settings/data");
    await ann.page.getByText("Gib zur Bestätigung LÖSCHEN ein").waitFor();
    await ann.page.locator("#deletion-word").fill("löschen");
    expect(await ann.page.locator(".form-danger button").isDisabled()).toBe(false);
    await ann.page.locator("#deletion-word").fill("delete");
    await ann.page.getByText("Behalten und als „Gelöschter Nutzer“ anzeigen").click();
    await ann.page.locator(".form-danger button").click();
    await ben.page.locator(".message-author", { hasText: "مستخدم محذوف" }).waitFor();
    expect(await ben.page.locator("main").textContent()).not.toContain("Deleted user");
    await Promise.all([ann.context.close(), ben.context.close()]);
  });
});

describe("page in Arabic", () => {
  it("keeps names and texts of other scripts aligned with their surroundings", async () => {
    const guest = await visit(browser, server.url, { locale: "ar" });
    const { page } = guest;
    await guest.open("/");
    await page.locator(".lounge-about").first().waitFor();
    expect(
      await page
        .locator(".lounge-about")
        .first()
        .evaluate((about) => getComputedStyle(about).textAlign),
    ).toBe("right");
    expect((await boxOf(page, '.top-ways a[href="/signin"]')).height).toBeLessThan(60);
    await guest.join(ROOM, "Mina");
    await guest.open("/lounges");
    const pill = await boxOf(page, ".top-me");
    const name = await boxOf(page, ".top-me bdi");
    expect(name.x - pill.x).toBeGreaterThanOrEqual(10);
    await guest.open(ROOM);
    await page.locator(".composer-field").waitFor();
    await page.keyboard.press("Control+k");
    const place = page.locator(".switcher-option", { hasText: "Town Square" }).first();
    const room = await place.locator(".switcher-name").boundingBox();
    const lounge = await place.locator("bdi.switcher-lounge").boundingBox();
    expect((room?.x ?? 0) - ((lounge?.x ?? 0) + (lounge?.width ?? 0))).toBeLessThan(24);
    await guest.context.close();
  });
});
