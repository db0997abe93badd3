import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";

let ann: Member;
let ben: Member;
/** Ann uses one browser, Ben two: a desktop and a phone. */
let hers: Guest;
let his: Guest;
let phone: Guest;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  [ann, ben] = await Promise.all([newPerson(server, "Ann Archer"), newPerson(server, "Ben Baker")]);
  await ben.patch("/api/users/me", { privacy: { whoMayWrite: "contacts" } });
  [hers, his, phone] = await Promise.all([
    seat(browser, server, ann),
    seat(browser, server, ben),
    seat(browser, server, ben, { size: "phone", colorScheme: "dark" }),
  ]);
});

const titled = (guest: Guest, start: string): Promise<void> => expect.poll(() => guest.page.title()).toMatch(new RegExp(`^${start}`));

describe("two members, one with two devices", () => {
  it("request, accept and chat in real time, wherever they are in the app", async () => {
    await Promise.all([hers.open("/m"), his.open("/lounges"), phone.open("/m")]);
    await hers.page.locator(".sidebar-me").waitFor();
    await hers.page.keyboard.press("Control+k");
    await hers.page.keyboard.type("Ben Bak");
    await hers.page.locator(".switcher-option", { hasText: "Ben Baker" }).click();
    await hers.page.waitForURL("**/m/*");
    await hers.say("Hello Ben, may I ask you something?");
    await hers.page.getByText("Waiting for Ben Baker to accept").waitFor();

    await phone.page.getByText("Requests (1)").click();
    await phone.page.locator("[data-conversation]").click();
    await phone.hears("Hello Ben, may I ask you something?");
    await expectSound(phone);
    await phone.page.getByRole("button", { name: "Accept" }).click();
    await phone.page.locator(".composer-field").waitFor();
    await hers.page.locator(".composer-field").waitFor();
    await phone.say("Of course. What is it?");
    await hers.hears("Of course. What is it?");
    await phone.page.locator(".receipts", { hasText: "Seen" }).waitFor();
  });

  it("see the same unread counts on both devices, and reading on one clears the other", async () => {
    await phone.page.goBack();
    await phone.page.locator(".conversation-link").waitFor();
    await hers.say("Do you still have the tent?");
    await hers.say("And the lamp?");
    await Promise.all([titled(his, "\\(2\\) "), titled(phone, "\\(2\\) ")]);
    await hers.page.locator(".receipts", { hasText: "Delivered" }).waitFor();
    expect(await his.page.locator(".top-messages .badge-count").textContent()).toContain("2");
    await phone.page.locator(".conversation-link").click();
    await phone.hears("And the lamp?");
    await phone.page.locator(".log-line-unread").waitFor();
    await Promise.all([titled(his, "Lounges · The Chatroom"), titled(phone, "Ann Archer")]);
    await hers.page.locator(".receipts", { hasText: "Seen" }).waitFor();
    await expectSound(hers);
  });

  it("are notified of a mention in a room they left: by the bell, the page title and a toast", async () => {
    await Promise.all([his.open(ROOM), hers.open(ROOM)]);
    await his.page.locator(`.line[data-line="online"]`).waitFor({ state: "attached" });
    await his.open("/lounges");
    await his.page.locator(".top-me").waitFor();
    await hers.page.locator(".composer-field").waitFor();
    await hers.say(`The lantern song, ${ben.mention}, is what I meant`);
    await his.page.locator(".toast-card", { hasText: "Ann Archer" }).waitFor();
    await titled(his, "\\(1\\) ");
    await his.page.locator(".bell").click();
    await his.page.locator(".notification-new").waitFor();
    await expectSound(his);
    await his.page.locator(".notification-link").first().click();
    await his.page.waitForURL(`**${ROOM}*`);
    await his.page.locator(".message-text", { hasText: "The lantern song" }).waitFor();
    await titled(his, "English");
    await expect.poll(() => his.page.locator(".bell .badge-count").count()).toBe(0);
  });

  it("find a message by search, and open it", async () => {
    await his.open("/m");
    await his.page.locator(".sidebar .conversation-link").first().waitFor();
    await his.page.keyboard.press("/");
    await his.page.locator(".search-field input").fill("lantern");
    const found = his.page.locator(".found");
    await found.first().waitFor();
    expect(await found.first().locator("mark").textContent()).toBe("lantern");
    await expectSound(his);
    await found.first().click();
    await his.page.waitForURL(`**${ROOM}*`);
    await his.page.locator(".message-text", { hasText: "The lantern song" }).waitFor();
  });

  it("cannot message each other after a block; the blocked user sees only that sending is not possible", async () => {
    await phone.page.locator(".toast-card").waitFor({ state: "detached" });
    await phone.page.locator(".room-title-button").click();
    await phone.page.getByRole("button", { name: "Block" }).click();
    await phone.page.getByText("You’ve blocked Ann Archer.").first().waitFor();
    await hers.open("/m");
    await hers.page.locator(".sidebar .conversation-link").first().click();
    await hers.page.locator(".conversation-note", { hasText: "You can't message this person." }).waitFor();
    await his.page.reload();
    await his.page.locator(".message-folded").first().waitFor();
    await his.page.locator(".message-folded .text-button").first().click();
    await his.page.locator(".message-text", { hasText: "The lantern song" }).waitFor();
    await expectSound(his);
    await his.open("/settings/privacy");
    await his.page.locator(".blocked-list").getByText("Ann Archer").waitFor();
    await expectSound(his);
  });
});
