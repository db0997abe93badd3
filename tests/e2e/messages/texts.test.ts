import { describe, expect, it } from "vitest";
import { newPerson, seat } from "../members.ts";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

const SENTENCE = "A long story goes on and on, and whoever wants to hear its end asks for it. ";

describe("long message", () => {
  it("shows about twenty lines, and the rest on demand", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(ROOM, "Tells stories");
    await guest.say(`${SENTENCE.repeat(45)}The end.`);
    const text = guest.page.locator(".message:not(.message-pending) .message-text", { hasText: "The end." });
    await text.waitFor();
    const heightOf = async (): Promise<number> => (await text.boundingBox())?.height ?? 0;
    const folded = await heightOf();
    const lineHeight = await text.evaluate((element) => Number.parseFloat(getComputedStyle(element).lineHeight));
    expect(folded / lineHeight).toBeLessThan(21);
    await expectSound(guest);
    await guest.page.getByRole("button", { name: "Show more" }).click();
    expect(await heightOf()).toBeGreaterThan(folded * 1.2);
    await guest.page.getByRole("button", { name: "Show less" }).click();
    expect(await heightOf()).toBe(folded);
    await guest.context.close();
  });
});

describe("code block", () => {
  it("is copied as a whole by one button", async () => {
    const guest = await visit(browser, server.url, { permissions: ["clipboard-read", "clipboard-write"] });
    await guest.join("/l/town-square/de", "Shows code");
    await guest.say("Try this:\n```js\nconst next = 1;\nconst after = next + 1;\n```");
    await guest.page.locator(".message:not(.message-pending) .code-block").waitFor();
    await guest.page.locator(".code-copy").focus();
    await expectSound(guest);
    await guest.page.keyboard.press("Enter");
    await guest.page.locator(".code-block").getByRole("button", { name: "Copied" }).waitFor();
    const copied = await guest.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.trim()).toBe("const next = 1;\nconst after = next + 1;");
    await guest.context.close();
  });
});

describe("settings page", () => {
  it("is named in the page title", async () => {
    const person = await newPerson(server, "Reads titles");
    const member = await seat(browser, server, person);
    await member.open("/settings/security");
    await expect.poll(() => member.page.title()).toBe("Security · Settings · The Chatroom");
    await member.page.getByRole("link", { name: /^Privacy/ }).click();
    await expect.poll(() => member.page.title()).toBe("Privacy · Settings · The Chatroom");
    await member.context.close();
  });
});
