import { beforeEach, describe, expect, it } from "vitest";
import type { ConversationDto } from "../../../utils/contract/schemas/conversations.ts";
import { type Member, newPerson, seat } from "../members.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";

let ada: Member;
let bo: Member;
/** Cleo must accept requests before others can write to her or add her to a group. */
let cleo: Member;
let hers: Guest;

const { server, browser } = await serverForFile();

beforeEach(async () => {
  await hers?.context.close();
  [ada, bo, cleo] = await Promise.all([newPerson(server, "Ada Alder"), newPerson(server, "Bo Birch"), newPerson(server, "Cleo Cedar")]);
  for (const one of [ada, bo]) await one.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  await cleo.patch("/api/users/me", { privacy: { whoMayWrite: "contacts" } });
});

const begin = async (founder: Member, body: object): Promise<string> =>
  ((await founder.ask("POST", "/api/conversations", body)).body as { id: string }).id;
const say = (who: Member, roomId: string, text: string) =>
  who.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, { text, clientMessageId: crypto.randomUUID() });
const listed = async (who: Member, state: "active" | "requested"): Promise<string[]> => {
  const { body } = await who.ask("GET", `/api/conversations?state=${state}`);
  return (body as { items: ConversationDto[] }).items.map(({ id }) => id);
};
const button = ({ page }: Guest, name: string | RegExp) => page.getByRole("button", { name });
/** Locates the heading of the message requests: a button that opens them on a phone, a heading on a wide screen. */
const requestsHead = ({ page }: Guest) => page.locator("main").getByText(/^(?:Requests \(|Message requests)/);
const undoHasFocus = async ({ page }: Guest): Promise<void> => {
  await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("undo-button");
};
const focusIsSomewhere = async ({ page }: Guest): Promise<void> => {
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
};

async function openRequest(guest: Guest, roomId: string): Promise<void> {
  await guest.open("/m");
  await requestsHead(guest).click();
  await guest.page.locator(`main [data-conversation="${roomId}"]`).click();
  await guest.page.locator(".request-bar").waitFor();
}

describe("blocking the author of a message request", () => {
  it("removes the request from the count immediately, and undo restores it", async () => {
    hers = await seat(browser, server, cleo, { size: "phone" });
    const roomId = await begin(ada, { userId: cleo.id });
    await say(ada, roomId, "May I?");
    await openRequest(hers, roomId);
    await button(hers, "Block").click();
    await hers.page.waitForURL("**/m");
    await undoHasFocus(hers);
    expect((await ada.ask("POST", "/api/conversations", { userId: cleo.id })).status).toBe(403);
    await expect.poll(() => requestsHead(hers).count()).toBe(0);
    await expectSound(hers);
    await hers.page.keyboard.press("Enter");
    await hers.page.locator(".request-bar").waitFor();
    await focusIsSomewhere(hers);
    expect(await hers.page.locator(".undo-bar").count()).toBe(0);
    expect(await listed(cleo, "requested")).toEqual([roomId]);
    const { body } = await cleo.ask("GET", "/api/users/me/blocks");
    expect((body as { items: unknown[] }).items).toEqual([]);
  });
});

describe("blocking a user from their profile", () => {
  it("closes the profile, so that Undo is reachable", async () => {
    hers = await seat(browser, server, cleo);
    await cleo.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
    const roomId = await begin(ada, { userId: cleo.id });
    await say(ada, roomId, "Hello");
    await hers.open(`/m/${roomId}`);
    await hers.hears("Hello");
    await hers.page.locator(".room-title-button").click();
    await button(hers, "Block").click();
    await hers.page.locator(".conversation-note", { hasText: "You’ve blocked Ada Alder." }).waitFor();
    await undoHasFocus(hers);
    await hers.page.locator(".undo-button").click();
    await hers.page.locator(".composer-field").waitFor();
    await focusIsSomewhere(hers);
  });

  it("keeps the focus in the page when it disables the composer", async () => {
    hers = await seat(browser, server, ada);
    const roomId = await begin(bo, { userId: ada.id });
    await say(bo, roomId, "Hello");
    await hers.open(`/m/${roomId}`);
    await hers.hears("Hello");
    await hers.page.locator(".composer-field").focus();
    await bo.ask("PUT", `/api/users/me/blocks/${ada.id}`);
    await hers.page.locator(".composer-field").waitFor({ state: "detached" });
    await focusIsSomewhere(hers);
  });
});

describe("declining a request", () => {
  it("is sent only after the undo period, and undo leaves the request unchanged", async () => {
    hers = await seat(browser, server, cleo);
    const roomId = await begin(ada, { userIds: [bo.id, cleo.id], name: "Trees" });
    await openRequest(hers, roomId);
    await button(hers, "Decline").click();
    await undoHasFocus(hers);
    await expect.poll(() => requestsHead(hers).count()).toBe(0);
    expect(await listed(cleo, "requested")).toEqual([roomId]);
    await expectSound(hers);
    await button(hers, "Undo").click();
    await hers.page.locator(".request-bar").waitFor();
    await button(hers, "Decline").click();
    await expect.poll(() => listed(cleo, "requested"), { timeout: 30_000 }).toEqual([]);
    await expect.poll(() => hers.page.locator(".undo-bar").count()).toBe(0);
    await focusIsSomewhere(hers);
  });

  it("is sent if the tab is closed during the undo period", async () => {
    hers = await seat(browser, server, cleo);
    const roomId = await begin(ada, { userIds: [bo.id, cleo.id], name: "Trees" });
    await openRequest(hers, roomId);
    await button(hers, "Decline").click();
    await undoHasFocus(hers);
    await hers.page.close({ runBeforeUnload: false });
    await expect.poll(() => listed(cleo, "requested"), { timeout: 8_000 }).toEqual([]);
  });

  it("is sent after a crash, when the site is opened again", async () => {
    hers = await seat(browser, server, cleo);
    const roomId = await begin(ada, { userIds: [bo.id, cleo.id], name: "Trees" });
    await openRequest(hers, roomId);
    // Simulates a crash: nothing is sent on page unload.
    await hers.page.route(`**/api/conversations/${roomId}`, (route) => route.abort());
    await hers.page.evaluate(() => window.addEventListener("pagehide", (event) => event.stopImmediatePropagation(), { capture: true }));
    await button(hers, "Decline").click();
    await undoHasFocus(hers);
    await hers.context.setOffline(true);
    await hers.page.close({ runBeforeUnload: false });
    await hers.context.setOffline(false);
    expect(await listed(cleo, "requested")).toEqual([roomId]);
    const page = await hers.context.newPage();
    await page.goto("/m");
    await expect.poll(() => listed(cleo, "requested"), { timeout: 30_000 }).toEqual([]);
  });
});

describe("leaving a group", () => {
  it("can be undone, also from the panel on a phone", async () => {
    hers = await seat(browser, server, ada, { size: "phone" });
    const roomId = await begin(ada, { userIds: [bo.id], name: "Trees" });
    await hers.open(`/m/${roomId}`);
    await hers.page.locator(".composer-field").waitFor();
    await button(hers, "Details").click();
    await button(hers, "Members").click();
    await button(hers, "Leave group").click();
    await hers.page.waitForURL("**/m");
    await undoHasFocus(hers);
    await expect.poll(() => hers.page.locator("main [data-conversation]").count()).toBe(0);
    await expectSound(hers);
    await button(hers, "Undo").click();
    await hers.page.waitForURL(`**/m/${roomId}`);
    await hers.page.locator(".composer-field").waitFor();
    expect(await listed(ada, "active")).toEqual([roomId]);
  });
});

describe("invitation to a group without a name", () => {
  it("is titled as a group of the stranger, and offers to block the stranger", async () => {
    hers = await seat(browser, server, cleo);
    const roomId = await begin(ada, { userIds: [cleo.id] });
    await openRequest(hers, roomId);
    expect(await hers.page.locator(".room-title h1").textContent()).toMatch(/^Group with .?Ada Alder/);
    expect(await hers.page.locator(".request-bar").textContent()).toMatch(/Ada Alder.? invited you to a group/);
    await button(hers, "Block Ada Alder").click();
    await undoHasFocus(hers);
    await expect.poll(() => requestsHead(hers).count()).toBe(0);
    expect(await listed(cleo, "requested")).toEqual([]);
  });
});
