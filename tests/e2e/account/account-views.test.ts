import { describe, expect, it } from "vitest";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { type Guest, type Size, visit } from "../visitor.ts";
import { signUp, switchTotpOn } from "./account-steps.ts";

const { server, browser } = await serverForFile();

/** The sign-in and sign-up pages, each with the selector to wait for before the check. */
const openPages = [
  ["/signup", ".more summary"],
  ["/signin", "#identifier"],
  ["/reset-password", "#identifier"],
  ["/settings", ".account-next"],
] as const;

const settingsPages = [
  ["profile", "#display-name"],
  ["security", ".event"],
  ["devices", ".entry"],
  ["privacy", ".toggle"],
  ["data", "#deletion-word"],
] as const;

async function judge(guest: Guest, path: string, standing: string): Promise<void> {
  await guest.open(path);
  await guest.page.locator(standing).first().waitFor();
  await expectSound(guest);
}

const cases: [Size, "light" | "dark"][] = [
  ["phone", "light"],
  ["phone", "dark"],
  ["wide", "light"],
  ["wide", "dark"],
];

describe.each(cases)("account pages at %s size, %s", (size, colorScheme) => {
  it("have no axe violations and no overflow, before and after signing up", async () => {
    const guest = await visit(browser, server.url, { size, colorScheme });
    for (const [path, standing] of openPages) await judge(guest, path, standing);
    await signUp(guest, server.url);
    await expectSound(guest);
    for (const [section, standing] of settingsPages) await judge(guest, `/settings/${section}`, standing);
    await guest.open("/settings");
    await guest.page.locator(".settings-nav").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("forms and dialogs of the account pages", () => {
  it("have no axe violations: security forms, QR code, recovery codes, profile", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    const { page } = guest;
    await signUp(guest, server.url);
    await guest.open("/settings/security");
    await page.getByRole("button", { name: "Change password" }).click();
    await page.getByRole("button", { name: "Change", exact: true }).first().click();
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await page.getByRole("button", { name: "Set up" }).click();
    await page.locator(".qr path").waitFor();
    await expectSound(guest);
    await page.getByRole("button", { name: "Cancel" }).nth(2).click();
    await switchTotpOn(page);
    await page.getByRole("button", { name: "Create new recovery codes" }).click();
    await page.locator(".codes-list").waitFor();
    await expectSound(guest);
    await guest.open(ROOM);
    await guest.say("Who am I?");
    await guest.hears("Who am I?");
    await page.locator(".message .person-link").first().click();
    await page.locator(".profile-since").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe.each(["ar", "de", "ja"])("account pages in %s", (locale) => {
  it("use the reader's language and direction without clipped text", async () => {
    const guest = await visit(browser, server.url, { locale, size: "phone" });
    for (const [path, standing] of openPages) await judge(guest, path, standing);
    const words = await guest.page.locator("main").textContent();
    expect(words).not.toMatch(/Sign in|Create|settings/);
    expect(await guest.page.locator("html").getAttribute("dir")).toBe(locale === "ar" ? "rtl" : "ltr");
    await guest.context.close();
  });
});

describe("keyboard-only user", () => {
  it("signs up, and errors are announced at their field", async () => {
    const { page, context, open } = await visit(browser, server.url);
    const focused = () => page.evaluate(() => document.activeElement?.id);
    await open("/signin");
    await page.locator("#identifier").waitFor();
    await expect.poll(focused).toBe("identifier");
    await open("/signup");
    await page.locator("#username").focus();
    await page.keyboard.type("admin");
    await page.keyboard.press("Tab");
    await page.keyboard.type("a river under the bridge");
    await page.keyboard.press("Enter");
    await page.locator("#username-error .form-error").waitFor();
    expect(await focused()).toBe("username");
    expect(await page.locator("#username").getAttribute("aria-invalid")).toBe("true");
    const described = (await page.locator("#username").getAttribute("aria-describedby"))?.split(" ") ?? [];
    const descriptions = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).textContent()));
    expect(descriptions.join(" ")).toContain("This username is taken or too similar to another one. These are available:");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("keyboard.kay");
    await page.keyboard.press("Enter");
    await page.locator(".sidebar-me").waitFor();
    await context.close();
  });
});
