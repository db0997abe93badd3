import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { PASSWORD } from "../../support/accounts.ts";
import { newPerson, seat } from "../members.ts";
import { recordOf, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { type Guest, visit } from "../visitor.ts";
import { typeSignIn } from "./account-steps.ts";

const ROOM = "/l/games/en";
const QUEUED = "a message that was never sent";
const DRAFT = "a draft about somebody";
const LOST = "Your unsent messages and drafts were deleted from this device.";
const MINE = "Signing out deletes your unsent messages and drafts on this device.";

const { server, browser } = await serverForFile();

/** Returns everything the browser stores for this site, as text. */
const stored = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const settled = <Result>(request: IDBRequest<Result>): Promise<Result> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all: unknown[] = [{ ...localStorage }, { ...sessionStorage }, await caches.keys()];
    for (const { name = "" } of await indexedDB.databases()) {
      const db = await settled(indexedDB.open(name));
      for (const store of db.objectStoreNames) all.push(await settled(db.transaction(store).objectStore(store).getAll()));
      db.close();
    }
    return JSON.stringify(all);
  });

const online = (page: Page) => page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
const field = (page: Page) => page.locator(".composer-field");

/** Starts a draft offline, sends it to the outbox, and starts another. */
async function leaveTexts({ page, context }: Guest): Promise<void> {
  await online(page);
  await context.setOffline(true);
  await field(page).fill(QUEUED);
  await field(page).press("Enter");
  await page.locator(".message-pending", { hasText: QUEUED }).waitFor();
  await field(page).fill(DRAFT);
  await expect.poll(() => stored(page)).toContain(QUEUED);
  expect(await stored(page)).toContain(DRAFT);
}

/** Waits until neither the page nor the browser's storage contains any of the user's data. */
async function expectNothingOf(page: Page, id: string): Promise<void> {
  for (const trace of [QUEUED, DRAFT, id]) await expect.poll(() => stored(page)).not.toContain(trace);
  for (const text of [QUEUED, DRAFT]) expect(await page.getByText(text).count()).toBe(0);
}

/** Signs a user in without the page, as another tab would. */
const signInBeside = (page: Page, username: string): Promise<number> =>
  page.evaluate(
    async ([identifier, password]) => {
      const { csrfToken } = (await (await fetch("/api/auth/csrf")).json()) as { csrfToken: string };
      const headers = { "X-CSRF-Token": csrfToken, "Content-Type": "application/json" };
      return (await fetch("/api/auth/signin", { method: "POST", headers, body: JSON.stringify({ identifier, password }) })).status;
    },
    [username, PASSWORD] as const,
  );

const idIn = async (page: Page): Promise<string> => (/"person:([0-9a-f-]{36}):/.exec(await stored(page)) ?? [])[1] ?? "";

describe("one computer, two users", () => {
  it("sessions revoked remotely: the next user sees no drafts or unsent messages, and storage contains none", async () => {
    const ann = await newPerson(server, "Ann of Shared");
    const ben = await newPerson(server, "Ben of Shared");
    const guest = await seat(browser, server, ann);
    const { page, context } = guest;
    await guest.open(ROOM);
    await leaveTexts(guest);
    const { body } = await ann.ask("GET", "/api/auth/sessions");
    for (const { id, isCurrent } of body.items as { id: string; isCurrent: boolean }[])
      if (!isCurrent) expect((await ann.ask("DELETE", `/api/auth/sessions/${id}`)).status).toBe(204);
    await context.setOffline(false);
    await page.getByText(LOST).waitFor();
    await expectNothingOf(page, ann.id);

    await guest.open("/signin");
    await typeSignIn(page, { username: ben.username, password: PASSWORD });
    await page.locator(".sidebar-me").waitFor();
    await guest.open(ROOM);
    await online(page);
    expect(await field(page).inputValue()).toBe("");
    await expectNothingOf(page, ann.id);
    await guest.say("Ben was here");
    await guest.hears("Ben was here");
    expect((await recordOf(server.url, await roomIdOf(server.url, ROOM))).map(({ text }) => text)).toEqual(["Ben was here"]);
    await context.close();
  });

  it("another user signing in in another tab: the first tab clears what it shows and stores of the previous user", async () => {
    const ann = await newPerson(server, "Ann of Tabs");
    const ben = await newPerson(server, "Ben of Tabs");
    const guest = await seat(browser, server, ann);
    const { page, context } = guest;
    await guest.open("/l/music/en");
    await leaveTexts(guest);
    await context.setOffline(false);
    await guest.hears(QUEUED);
    const second = await context.newPage();
    await second.goto("/lounges");
    expect(await signInBeside(second, ben.username)).toBe(200);
    await second.reload();
    await second.locator(".top-me").waitFor();
    await expect.poll(() => page.locator(".sidebar-me").textContent()).toContain("Ben of Tabs");
    await online(page);
    expect(await field(page).inputValue()).toBe("");
    for (const trace of [DRAFT, ann.id]) await expect.poll(() => stored(page)).not.toContain(trace);
    await context.close();
  });

  it("manual sign-out: warns that unsent messages will be deleted, and deletes them", async () => {
    const guest = await visit(browser, server.url);
    const { page, context } = guest;
    await guest.join(ROOM, "Gil of Shared");
    await leaveTexts(guest);
    const id = await idIn(page);
    expect(id).not.toBe("");
    await page.locator(".sidebar-me").click();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await page.getByText(MINE).waitFor();
    expect(await stored(page)).toContain(DRAFT);
    await page.getByRole("button", { name: "Sign out and delete them" }).click();
    await page.locator(".sidebar-me").waitFor({ state: "detached" });
    await expectNothingOf(page, id);
    await context.close();
  });
});

describe("guest with unsent messages who signs in to their account", () => {
  it("keeps the draft, and sends the message under the account's name", async () => {
    const ann = await newPerson(server, "Ann of Merges");
    const guest = await visit(browser, server.url);
    const { page, context } = guest;
    let isCut = false;
    await context.routeWebSocket(/socket\.io/, (socket) => void (isCut ? socket.close() : socket.connectToServer()));
    await context.route("**/socket.io/**", (route) => (isCut ? route.abort() : route.continue()));
    await guest.join("/l/town-square/en", "Hal of Merges");
    isCut = true;
    await leaveTexts(guest);
    const guestId = await idIn(page);
    expect(guestId).not.toBe("");
    await context.setOffline(false);
    await page.locator(".sidebar-me").click();
    await page.getByRole("link", { name: /already have/i }).click();
    await typeSignIn(page, { username: ann.username, password: PASSWORD });
    await page.locator(".sidebar-me", { hasText: "Ann of Merges" }).waitFor();
    isCut = false;
    expect(await field(page).inputValue()).toBe(DRAFT);
    await guest.hears(QUEUED);
    const record = await recordOf(server.url, await roomIdOf(server.url, "/l/town-square/en"));
    expect(record.map(({ text, author }) => [text, author.displayName])).toEqual([[QUEUED, "Ann of Merges"]]);
    await expect.poll(() => stored(page)).not.toContain(guestId);
    await context.close();
  });
});
