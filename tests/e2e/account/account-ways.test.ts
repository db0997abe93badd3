import pg from "pg";
import { describe, expect, it } from "vitest";
import { newId } from "../../../utils/ids.ts";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { type Guest, visit } from "../visitor.ts";
import { newAccount, proveNumber, signOut, signUp, troublesOf, typeSignIn } from "./account-steps.ts";

const { server, browser } = await serverForFile();

const authors = ({ page }: Guest): Promise<string[]> => page.locator(".message-author").allTextContents();

describe("guest who already has an account", () => {
  it("signs in from the room, and their messages get the account's name", async () => {
    const guest = await visit(browser, server.url);
    const account = await signUp(guest, server.url);
    await signOut(guest.page);
    await guest.join("/l/music/en", "Nobody Yet");
    await guest.say("before I signed in");
    await guest.hears("before I signed in");
    await guest.page.locator(".sidebar-me").click();
    await guest.page.getByRole("link", { name: "I already have an account" }).click();
    await guest.page.getByText("The messages you sent as Nobody Yet move to your account").waitFor();
    await typeSignIn(guest.page, account);
    await guest.page.waitForURL("**/l/music/en");
    await guest.hears("before I signed in");
    await expect.poll(() => authors(guest), { timeout: 90_000 }).toEqual([account.username]);
    expect(guest.troubles).toEqual([]);
    await guest.context.close();
  });
});

describe("guest who becomes a member", () => {
  it("may leave their messages under Former guest, which is visible to others immediately", async () => {
    const guest = await visit(browser, server.url);
    const watcher = await visit(browser, server.url);
    const { username, password } = newAccount();
    await watcher.join("/l/games/en", "Wim of Games");
    await guest.join("/l/games/en", "Shy Guest");
    await guest.say("not for ever mine");
    await watcher.hears("not for ever mine");
    await guest.open("/signup");
    await guest.page.locator("#username").fill(username);
    await guest.page.locator("#password").fill(password);
    await guest.page.locator("#display-name").fill("Bold Member");
    await guest.page.getByText("Leave under “Former guest”").click();
    await guest.page.locator(".form-submit").click();
    await guest.page.locator(".top-me, .sidebar-me").filter({ hasText: "Bold Member" }).waitFor();
    await expect.poll(() => authors(watcher)).toEqual(["Former guest"]);
    expect(troublesOf(guest)).toEqual([]);
    for (const { context } of [guest, watcher]) await context.close();
  });
});

describe("forgotten password", () => {
  it("is reset with a code texted to the confirmed number", async () => {
    const guest = await visit(browser, server.url);
    const { page } = guest;
    const account = await signUp(guest, server.url);
    await signOut(page);
    await guest.open("/reset-password");
    await page.getByText("By phone").click();
    await proveNumber(page, server.url, account.number);
    await page.locator("#new-password").fill("a bridge over the river");
    await page.locator(".form-submit").click();
    await page.getByRole("heading", { name: "Password changed" }).waitFor();
    await page.getByRole("link", { name: "Sign in" }).last().click();
    await typeSignIn(page, { ...account, password: "a bridge over the river" });
    await page.locator(".sidebar-me").waitFor();
    await guest.context.close();
  });

  it("shows an invalid link as such, and offers to request a new one", async () => {
    const guest = await visit(browser, server.url);
    await guest.open(`/reset-password#${"x".repeat(43)}`);
    await guest.page.locator("#new-password").fill("a bridge over the river");
    await guest.page.locator(".form-submit").click();
    await guest.page.getByRole("heading", { name: "This link is no longer valid" }).waitFor();
    await guest.page.getByRole("button", { name: "Send again" }).click();
    await guest.page.locator("#identifier").waitFor();
    await guest.open(`/verify-email#${"x".repeat(43)}`);
    await guest.page.getByRole("heading", { name: "This link is no longer valid" }).waitFor();
    expect(troublesOf(guest, /\/auth\/(reset-password|verify-email)$/)).toEqual([]);
    await guest.context.close();
  });
});

/** Issues a sanction directly in the database. */
async function restrict(username: string, kind: "ban" | "mute", until: Date): Promise<void> {
  const client = new pg.Client(await server.databaseUrl());
  await client.connect();
  await client.query(
    `INSERT INTO moderation_actions (id, user_id, kind, scope_kind, rule, expires_at)
     SELECT $1, id, $2, 'site', 'rule 1', $3 FROM users WHERE username = $4`,
    [newId(), kind === "ban" ? "ban_site" : kind, until, username],
  );
  await client.end();
}

describe("user banned while in a room", () => {
  it("sees the end date and the rule immediately, and may still export their data", async () => {
    const guest = await visit(browser, server.url);
    const { username } = await signUp(guest, server.url);
    await guest.open(ROOM);
    await guest.page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
    await restrict(username, "ban", new Date("2030-05-01T12:00:00Z"));
    await guest.page.getByRole("heading", { name: "You’re banned from this site" }).waitFor({ timeout: 10_000 });
    expect(await guest.page.locator(".notice p").textContent()).toMatch(/^The ban ends on May 1, 2030.* Rule: rule 1\.$/);
    await guest.page.getByRole("link", { name: "Your data" }).click();
    await guest.page.getByRole("button", { name: "Prepare export" }).waitFor();
    expect(troublesOf(guest)).toEqual([]);
    await guest.context.close();
  });
});

describe("user muted while in a room", () => {
  it("sees the end date and the rule next to the unsent message", async () => {
    const guest = await visit(browser, server.url);
    const { username } = await signUp(guest, server.url);
    await guest.open("/l/games/en");
    await guest.say("heard");
    await guest.hears("heard");
    await restrict(username, "mute", new Date("2030-05-01T12:00:00Z"));
    const failed = guest.page.locator(".message-failed").first();
    await expect
      .poll(async () => {
        await guest.say("not heard");
        await guest.page.locator(".message-pending").waitFor({ state: "detached" });
        return failed.isVisible();
      })
      .toBe(true);
    await failed.getByText(/You can’t send messages until May 1, 2030.* Rule: rule 1\./).waitFor();
    await guest.context.close();
  });
});

describe("changing the display name in the settings", () => {
  it("updates the name for everyone in the room, including earlier messages", async () => {
    const guest = await visit(browser, server.url);
    const watcher = await visit(browser, server.url);
    await signUp(guest, server.url);
    await guest.open("/l/travel-and-food/en");
    await guest.say("who am I");
    await guest.hears("who am I");
    await watcher.join("/l/travel-and-food/en", "Wim of Names");
    await watcher.hears("who am I");
    await guest.open("/settings/profile");
    await guest.page.locator("#display-name").fill("Renata Renamed");
    await guest.page.getByLabel("Languages you’re learning: Add a language").selectOption("pt");
    await guest.page.getByRole("button", { name: "Save" }).click();
    await guest.page.getByText("Saved").waitFor();
    await expect.poll(() => authors(watcher)).toEqual(["Renata Renamed"]);
    await watcher.page.getByRole("button", { name: "Renata Renamed" }).first().click();
    await watcher.page.locator(".profile-facts").getByText("Portuguese").waitFor();
    expect([...guest.troubles, ...watcher.troubles]).toEqual([]);
    for (const { context } of [guest, watcher]) await context.close();
  });
});
