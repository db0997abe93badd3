import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ROOM } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.className ?? "");

/** Presses Tab until the wanted element has the focus; gives up after 60 presses. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)).includes(wanted)) return;
  }
  throw new Error(`no way to .${wanted} by Tab`);
}

describe("keyboard-only user", () => {
  it("finds a room, joins, writes, and moves through the messages", async () => {
    const { page, context, troubles } = await visit(browser, server.url);
    await page.goto("/");
    await page.locator(".lounge").first().waitFor();
    await tabTo(page, "button-large");
    await page.keyboard.press("Enter");
    await page.locator("#guest-name:focus").waitFor();
    await page.keyboard.press("Enter");
    await page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
    await expect.poll(() => focused(page)).toContain("composer-field");
    for (const text of ["one", "two", "three"]) {
      await page.keyboard.type(text);
      await page.keyboard.press("Enter");
    }
    await page.locator(".message:not(.message-pending) .message-text", { hasText: "three" }).waitFor();
    await page.keyboard.type("a line");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("and another");
    expect(await page.locator(".composer-field").inputValue()).toBe("a line\nand another");

    await page.locator(".log").focus();
    await page.keyboard.press("ArrowUp");
    expect(await page.evaluate(() => document.activeElement?.querySelector(".message-text")?.textContent)).toBe("two");
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toContain("composer-field");
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("switches between rooms, keeps the draft of each, and opens the keyboard shortcuts", async () => {
    const { page, context, join } = await visit(browser, server.url);
    await join(ROOM, "Kim of Keys");
    await page.keyboard.type("half a thought");
    await page.keyboard.press("Control+k");
    await page.keyboard.type("music deut");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/l/music/de");
    expect(await page.locator(".composer-field").inputValue()).toBe("");
    await page.goBack();
    await page.waitForURL(`**${ROOM}`);
    await expect.poll(() => page.locator(".composer-field").inputValue()).toBe("half a thought");
    await page.keyboard.press("Alt+ArrowDown");
    await expect.poll(() => new URL(page.url()).pathname).not.toBe(ROOM);
    await page.locator(".log").focus();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await context.close();
  });

  it("does not send with the Enter that ends an IME composition", async () => {
    const { page, context, join, texts } = await visit(browser, server.url);
    await join("/l/music/ja", "Aki of Keys");
    const session = await context.newCDPSession(page);
    await session.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    await page
      .locator(".composer-field")
      .evaluate((field) =>
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true })),
      );
    await page
      .locator(".composer-field")
      .evaluate((field) =>
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true })),
      );
    await session.send("Input.insertText", { text: "日本" });
    expect(await page.locator(".composer-field").inputValue()).toBe("日本");
    expect(await texts()).toEqual([]);
    await page.keyboard.press("Enter");
    await page.locator(".message:not(.message-pending) .message-text", { hasText: "日本" }).waitFor();
    await context.close();
  });
});

describe("composer", () => {
  it("counts down near the limit, and does not send beyond it", async () => {
    const { page, context, join } = await visit(browser, server.url);
    await join("/l/games/en", "Lou of Limits");
    await page.locator(".composer-field").fill("é".repeat(3_900));
    await page.getByText("100 characters left").waitFor();
    await page.locator(".composer-field").fill("é".repeat(4_001));
    await page.getByText("1 character over the limit").waitFor();
    await page.locator(".composer-field").fill("👩‍👩‍👧".repeat(2_100));
    await page.getByText("About 100 emoji too many.").waitFor();
    expect(await page.locator(".composer-send").isDisabled()).toBe(true);
    const box = await page.locator(".composer-field").boundingBox();
    expect(box?.height ?? 0).toBeLessThan(24 * 9);
    await context.close();
  });

  it("sends with Ctrl+Enter if configured", async () => {
    const { page, context, join, hears } = await visit(browser, server.url);
    await join("/l/games/de", "Max of Modes");
    await page.locator(".sidebar-me").click();
    await page.getByRole("link", { name: "Keyboard" }).click();
    await page.getByRole("switch", { name: /Press Enter to send/ }).uncheck();
    await page.getByRole("link", { name: "Back to ⁨Deutsch · Games⁩" }).click();
    await page.locator(".composer-field").fill("eins");
    await page.locator(".composer-field").press("Enter");
    expect(await page.locator(".composer-field").inputValue()).toBe("eins\n");
    await page.locator(".composer-field").press("Control+Enter");
    await hears("eins");
    await context.close();
  });
});
