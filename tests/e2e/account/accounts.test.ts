import { readFile } from "node:fs/promises";
import { unzipSync } from "fflate";
import pg from "pg";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { type Guest, visit } from "../visitor.ts";
import {
  type Account,
  confirmEmail,
  fillSignUp,
  giveFingerprint,
  newAccount,
  signOut,
  switchTotpOn,
  totpCode,
  troublesOf,
  typeSignIn,
} from "./account-steps.ts";
import { linkFor } from "./mails.ts";

const { server, browser } = await serverForFile();

/** Waits for the home view, which follows sign-in. */
const lobby = ({ page }: Guest) => page.locator(".sidebar-me").waitFor();

/** Posts as a guest while another user watches, and then turns the guest into a member. */
async function becomeMember(guest: Guest, watcher: Guest, account: Account): Promise<void> {
  await watcher.join(ROOM, "Wim of Watchers");
  await guest.join(ROOM, "Mina Guest");
  await guest.say("written as a guest");
  await watcher.hears("written as a guest");
  await guest.page.locator(".sidebar-me").click();
  await guest.page.getByRole("link", { name: "Keep my name and messages" }).click();
  await guest.page.locator("#display-name").fill("Mina Member");
  await fillSignUp(guest.page, server.url, account);
  await guest.page.waitForURL(`**${ROOM}`);
  await guest.hears("written as a guest");
  await guest.say("written as a member");
  await watcher.hears("written as a member");
  for (const { page } of [guest, watcher]) {
    expect(new Set(await page.locator(".message-author").allTextContents())).toEqual(new Set(["Mina Member"]));
    expect(await page.locator(".message .mark").count()).toBe(0);
  }
  await expect.poll(() => watcher.page.locator(".side .person-name").allTextContents()).toEqual(["Mina Member", "Wim of Watchers"]);
}

/** Signs in on a second device and revokes that session from the first; the second device is signed out within seconds. */
async function revokeSecond(guest: Guest, second: Guest, account: Account): Promise<void> {
  await second.open(ROOM);
  await second.page.getByRole("link", { name: "I already have an account" }).click();
  await typeSignIn(second.page, account);
  await second.hears("written as a guest");
  await guest.open("/settings/devices");
  const others = guest.page.locator(".entry", { hasNotText: "This device" });
  await others.getByRole("button").click();
  await others.waitFor({ state: "detached" });
  await second.page.getByText("You’ve been signed out").waitFor({ timeout: 5_000 });
}

async function resetPassword(guest: Guest, account: Account): Promise<Account> {
  await guest.open("/reset-password");
  await guest.page.locator("#identifier").fill(account.email);
  await guest.page.locator(".form-submit").click();
  await guest.page.getByRole("heading", { name: "Check your email" }).waitFor();
  await guest.open(await linkFor(server.url, account.email, "reset-password"));
  const password = "another river, another bridge";
  await guest.page.locator("#new-password").fill(password);
  expect(new URL(guest.page.url()).hash).toBe("");
  await guest.page.locator(".form-submit").click();
  await guest.page.getByRole("heading", { name: "Password changed" }).waitFor();
  await guest.page.getByRole("link", { name: "Sign in" }).last().click();
  await typeSignIn(guest.page, { ...account, password });
  await lobby(guest);
  return { ...account, password };
}

/** Signs in with a TOTP code, and a second time with a recovery code. */
async function signInByCodes(guest: Guest, account: Account): Promise<void> {
  const { page } = guest;
  await guest.open("/settings/security");
  const { secret, codes } = await switchTotpOn(page);
  expect(new Set(codes).size).toBe(10);
  for (const code of [totpCode(secret, 1), codes[0] ?? ""]) {
    await signOut(page);
    await guest.open("/signin");
    await typeSignIn(page, account);
    if (code.length > 6) await page.getByRole("button", { name: "Use a recovery code" }).click();
    await page.locator("#second-code").fill(code);
    await page.locator(".form-submit").click();
    await lobby(guest);
  }
  await guest.open("/settings/security");
  await page.getByText("9 recovery codes left").waitFor();
}

/** Returns until when the server considers the page's session recently authenticated. */
const provenUntil = (page: Page): Promise<string | null> =>
  page.evaluate(async () => {
    const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
    const renewed = await fetch("/api/auth/refresh", { method: "POST", headers: { "X-CSRF-Token": csrfToken } });
    const { accessToken } = (await renewed.json()) as { accessToken: string };
    const me = await fetch("/api/auth/me", { headers: { Authorization: `Bearer ${accessToken}` } });
    return ((await me.json()) as { stepUpExpiresAt: string | null }).stepUpExpiresAt;
  });

/** Clears the last authentication times, so that the next sensitive action requires step-up. */
async function forgetProofs(page: Page): Promise<void> {
  const client = new pg.Client(await server.databaseUrl());
  await client.connect();
  await client.query("UPDATE sessions SET proven_at = now() - interval '1 hour'");
  await client.end();
  await expect.poll(async () => Date.parse((await provenUntil(page)) ?? "1970-01-01") > Date.now()).toBe(false);
}

async function usePasskey(guest: Guest): Promise<void> {
  const { page } = guest;
  await giveFingerprint(guest);
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator("#passkey-name").fill("My laptop");
  await page.getByRole("button", { name: "Add a passkey" }).click();
  await page.locator(".entry", { hasText: "My laptop" }).waitFor();
  await signOut(page);
  await page.goto("/signin");
  await page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await lobby(guest);
  expect(await page.locator(".sidebar-me").textContent()).toContain("Mina Member");
}

/** Requests a data export after the last authentication has expired; the passkey renews it. */
async function takeData({ page }: Guest): Promise<void> {
  await forgetProofs(page);
  await page.goto("/settings/data");
  await page.getByRole("button", { name: "Prepare export" }).click();
  await page.getByRole("button", { name: "Use a passkey" }).click();
  await page.locator(".copy-ready").waitFor({ timeout: 90_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download" }).click()]);
  const files = unzipSync(await readFile(await download.path()));
  const texts = Object.values(files).map((bytes) => new TextDecoder().decode(bytes));
  for (const said of ["written as a guest", "written as a member"]) expect(texts.some((text) => text.includes(said))).toBe(true);
}

async function leaveForGood({ page }: Guest): Promise<void> {
  expect(await page.getByRole("button", { name: "Delete my account" }).isDisabled()).toBe(true);
  await page.locator("#deletion-word").fill("DELETE");
  await page.getByRole("button", { name: "Delete my account" }).click();
  await page.getByRole("heading", { name: "Your account will be deleted" }).waitFor();
}

describe("account lifecycle", () => {
  it("from guest to member to deleted account, with every step in between", { timeout: 300_000 }, async () => {
    const guest = await visit(browser, server.url);
    const watcher = await visit(browser, server.url);
    const second = await visit(browser, server.url);
    const account = newAccount();
    await becomeMember(guest, watcher, account);
    await confirmEmail(guest, server.url, account);
    await revokeSecond(guest, second, account);
    const renewed = await resetPassword(guest, account);
    await signInByCodes(guest, renewed);
    await usePasskey(guest);
    await takeData(guest);
    await leaveForGood(guest);
    await guest.open(ROOM);
    await guest.page.locator("#guest-name").waitFor();
    await expect.poll(() => watcher.page.locator(".message-author", { hasText: "Mina" }).count()).toBe(0);
    // Expected failures: a correct password that needs a second factor, an expired authentication, and the session that the reset revoked.
    expect(troublesOf(guest, /\/auth\/signin$/, /\/users\/me\/export$/, /\/auth\/refresh$/, /\/auth\/me$/)).toEqual([]);
    expect(watcher.troubles).toEqual([]);
    for (const { context } of [guest, watcher, second]) await context.close();
  });
});
