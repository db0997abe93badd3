import { describe, expect, it } from "vitest";
import { ROOM } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { expectSound, faultsOf } from "./soundness.ts";
import { type Size, visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

const sizes: Size[] = ["phone", "tablet", "wide"];

describe.each(sizes)("views at %s size", (size) => {
  it.each(["light", "dark"] as const)("have no axe violations and no overflow, %s", async (colorScheme) => {
    const guest = await visit(browser, server.url, { size, colorScheme });
    await guest.open("/");
    await guest.page.locator(".lounge").nth(5).waitFor();
    await expectSound(guest);
    await guest.open(ROOM);
    await guest.page.locator("#guest-name").waitFor();
    await expectSound(guest);
    await guest.join(ROOM, `View ${size} ${colorScheme}`);
    await guest.say("Has anybody read a-very-long-word-that-does-not-break-anywhere-at-all-and-goes-on-and-on-and-on?");
    await guest.say(`Good day from ${size}, ${colorScheme}`);
    await guest.hears(`Good day from ${size}, ${colorScheme}`);
    await expectSound(guest);
    await guest.page.keyboard.press("Control+k");
    await guest.page.locator(".switcher-option").first().waitFor();
    await expectSound(guest);
    await guest.page.keyboard.press("Escape");
    await guest.page.locator(size === "phone" ? '.bottom-bar a[href="/me"]' : ".sidebar-me").click();
    await guest.page.locator(".me").waitFor();
    await expectSound(guest);
    await guest.open("/m");
    await guest.page.getByText("Direct messages need an account").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("pages in high contrast, and in Arabic", () => {
  it("have no axe violations, and Arabic runs from right to left", async () => {
    const guest = await visit(browser, server.url, { locale: "ar", size: "tablet" });
    await guest.join(ROOM, "زائر");
    expect(await guest.page.locator("html").getAttribute("dir")).toBe("rtl");
    await guest.say("مرحبا بالجميع");
    await guest.hears("مرحبا بالجميع");
    const rail = await guest.page.locator(".sidebar").boundingBox();
    const room = await guest.page.locator(".room").boundingBox();
    expect(rail?.x ?? 0).toBeGreaterThan(room?.x ?? Number.POSITIVE_INFINITY);
    await expectSound(guest);
    await guest.page.locator(".sidebar-me").click();
    await guest.page.getByRole("link", { name: "المظهر" }).click();
    await guest.page.getByText("تباين عالٍ").click();
    expect(await guest.page.locator("html").getAttribute("data-theme")).toBe("contrast");
    await expectSound(guest);
    await guest.context.close();
  });

  it.each(["es", "pt", "de", "fr", "ja"])("uses %s if the browser prefers it, without clipped text", async (locale) => {
    const guest = await visit(browser, server.url, { locale, size: "phone" });
    await guest.open(`/l/town-square/${locale}`);
    await guest.page.locator("#guest-name").waitFor();
    expect(await guest.page.locator("html").getAttribute("lang")).toBe(locale);
    expect(await guest.page.locator(".join-button").textContent()).not.toContain("Join as guest");
    await expectSound(guest);
    await guest.open("/");
    // The reader's own language comes first in every lounge that has it.
    expect(await guest.page.locator(".lounge .chip bdi").first().getAttribute("lang")).toBe(locale);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("unknown addresses", () => {
  it("show a friendly error and a way back", async () => {
    const guest = await visit(browser, server.url);
    for (const path of ["/nowhere", "/l/town-square/xx", "/l/no-such-lounge/en"]) {
      await guest.open(path);
      await guest.page.getByRole("link", { name: "Browse lounges" }).waitFor();
      expect(await faultsOf(guest.page)).toEqual([]);
    }
    await guest.page.getByRole("link", { name: "Browse lounges" }).click();
    await guest.page.locator(".lounge").first().waitFor();
    expect(new URL(guest.page.url()).pathname).toBe("/lounges");
    await guest.context.close();
  });

  it("show guests a members-only lounge as closed, with links to create an account or sign in", async () => {
    const guest = await visit(browser, server.url);
    await guest.open("/");
    const closed = guest.page.locator(".lounge-closed");
    await closed.getByText("Create an account to enter.").waitFor();
    expect(await closed.locator("a").allTextContents()).toEqual(["Create an account", "Sign in"]);
    await guest.open("/l/members-corner/en");
    await guest.page.getByText("This room is for members. Create an account to enter.").waitFor();
    await guest.page.getByRole("link", { name: "Create an account" }).click();
    await guest.page.locator("#username").waitFor();
    await guest.context.close();
  });
});
