import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { startServer } from "../../support/server.ts";
import { ROOM, recordOf, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { writer } from "../socket-writer.ts";
import { visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

const online = (page: Page) => page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });

/** Calls the server from within the page, with the page's access token. */
const endAllSessions = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
    return (await fetch("/api/auth/signout-all", { method: "POST", headers: { "X-CSRF-Token": csrfToken } })).status;
  });

describe("two tabs of one guest", () => {
  it("reload concurrently and repeatedly without ending each other's session, and show the same", async () => {
    const { page, context, join, troubles } = await visit(browser, server.url);
    await join(ROOM, "Tess of Tabs");
    const second = await context.newPage();
    await second.goto(ROOM);
    await online(second);
    for (let round = 0; round < 3; round += 1) {
      await Promise.all([page.reload(), second.reload()]);
      await Promise.all([online(page), online(second)]);
    }
    await page.locator(".composer-field").fill("from the first tab");
    await page.locator(".composer-send").click();
    await second.locator(".message-text", { hasText: "from the first tab" }).waitFor();
    expect(await second.locator(".message-author").allTextContents()).toEqual(["Tess of Tabs"]);
    expect(await second.locator(".side .person-name").count()).toBe(1);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it("sign out together", async () => {
    const { page, context, join } = await visit(browser, server.url);
    await join(ROOM, "Uri of Tabs");
    const second = await context.newPage();
    await second.goto(ROOM);
    await online(second);
    await page.locator(".sidebar-me").click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await second.locator("#guest-name").waitFor();
    await context.close();
  });
});

describe("session revoked by the server", () => {
  it("shows a message, and the draft is gone for the next user", async () => {
    const { page, context, join } = await visit(browser, server.url);
    await join("/l/music/en", "Vera of Ends");
    await page.locator(".composer-field").fill("half a thought");
    expect(await endAllSessions(page)).toBe(204);
    await page.getByText("You’ve been signed out").waitFor();
    await page.getByText("Your unsent messages and drafts were deleted from this device.").waitFor();
    await page.locator("#guest-name").fill("Vera Again");
    await page.locator(".join-button").click();
    await online(page);
    expect(await page.locator(".composer-field").inputValue()).toBe("");
    await context.close();
  });
});

describe("returning to a room", () => {
  it("shows new messages below a separator, and marks rooms with unread messages in the sidebar", async () => {
    const roomId = await roomIdOf(server.url, "/l/games/en");
    const speaker = await writer(server.url, "Walt of News", roomId);
    const { page, context, join } = await visit(browser, server.url);
    await join("/l/games/en", "Xena of News");
    await speaker.say("seen");
    await page.locator(".message-text", { hasText: "seen" }).waitFor();
    await page.locator(".sidebar-room", { hasText: "Deutsch" }).first().click();
    await online(page);
    await speaker.say("not seen yet");
    // The page fetches the room list again when it becomes visible.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await page.locator(".sidebar-room-unread").first().click();
    await page.waitForURL("**/l/games/en");
    await page.locator(".log-line-unread").waitFor();
    const lines = await page
      .locator(".log-list > li")
      .evaluateAll((all) => all.map((one) => one.querySelector(".message-text")?.textContent ?? one.className));
    expect(lines.slice(-3)).toEqual(["seen", "log-line log-line-unread", "not seen yet"]);
    await page.keyboard.press("Escape");
    await page.locator(".log-line-unread").waitFor({ state: "detached" });
    speaker.leave();
    await context.close();
  });

  it("jumps to the first of hundreds of unread messages, far above the loaded ones", async () => {
    const roomId = await roomIdOf(server.url, "/l/music/en");
    const speaker = await writer(server.url, "Yan of News", roomId);
    const { page, context, join } = await visit(browser, server.url);
    await join("/l/music/en", "Zoe of News");
    await speaker.say("the last one seen");
    await page.locator(".message-text", { hasText: "the last one seen" }).waitFor();
    await page.locator(".sidebar-room", { hasText: "Deutsch" }).first().click();
    await online(page);
    await speaker.sayAll(Array.from({ length: 320 }, (_, at) => `missed ${at + 1} of 320`));
    speaker.leave();
    await page.goto("/l/music/en");
    await page.locator(".message-text", { hasText: "missed 320 of 320" }).waitFor();
    expect(await page.locator(".message-text", { hasText: "missed 1 of 320" }).count()).toBe(0);
    // The number of unread messages exceeds both the loaded page and the server's maximum count.
    await page.getByRole("button", { name: /^(50|99)\+ new messages/ }).click();
    const first = page.locator(".message", { has: page.getByText("missed 1 of 320", { exact: true }) });
    await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(true);
    const before = await page
      .locator(".log-list > li")
      .evaluateAll((all) => all.map((one) => one.querySelector(".message-text")?.textContent ?? one.className));
    const line = before.indexOf("log-line log-line-unread");
    expect(before.slice(line - 1, line + 2)).toEqual(["the last one seen", "log-line log-line-unread", "missed 1 of 320"]);
    await page.locator(".log-unread").waitFor({ state: "detached" });
    await page.locator(".log-jump").click();
    await page.locator(".message-text", { hasText: "missed 320 of 320" }).waitFor();
    await context.close();
  });
});

describe("production rate limits", () => {
  it("delay messages with a visible countdown, and send each exactly once", async () => {
    const strict = await startServer({ LIMITS_SCALE: "1" });
    const { page, context, join, hears, troubles } = await visit(browser, strict.url);
    await join(ROOM, "Yves of Limits");
    const texts = ["one", "two", "three", "four", "five", "six", "seven"];
    for (const text of texts) {
      await page.locator(".composer-field").fill(text);
      await page.locator(".composer-field").press("Enter");
    }
    await page.getByText(/You’re sending messages too quickly\. This one will be sent in \d+ s\./).waitFor();
    expect(await page.locator(".message-pending").count()).toBeGreaterThan(0);
    await hears("seven");
    expect((await recordOf(strict.url, await roomIdOf(strict.url, ROOM))).map((one) => one.text)).toEqual(texts);
    expect(troubles).toEqual([]);
    await context.close();
    await strict.remove();
  });
});
