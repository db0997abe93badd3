import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound, faultsOf } from "../soundness.ts";
import { type Guest, visit } from "../visitor.ts";
import { enterRoom, newModerator, take, undo } from "./people-steps.ts";

const HOUR_MS = 3_600_000;

let moderator: Member;
let colleague: Member;
let roomId: string;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  moderator = await newModerator(server, "Mo");
  colleague = await newModerator(server, "Col");
  roomId = await roomIdOf(server.url, ROOM);
});

const applied = ({ page }: Guest) => page.locator(".applied");
const card = ({ page }: Guest) => page.locator(".record-card").first();
const isEnabled = ({ page }: Guest) => page.locator(".composer-field").isEnabled();

// Before the bans: a ban also binds the network of its user, so that further guests must prove more.
describe("trust level", () => {
  it("is explained to a guest with what unlocks the next one, in the settings reached from their menu", async () => {
    const guest = await visit(browser, server.url, { size: "phone" });
    await guest.join(ROOM, "Gil Trusting");
    await guest.open("/me");
    await guest.page.getByRole("link", { name: "Trust and safety" }).click();
    await guest.page.getByText("Create an account to become a newcomer.").waitFor();
    await guest.page.getByText("Needs an account").first().waitFor();
    await expectSound(guest);
    await guest.page.getByRole("link", { name: "Decisions about you" }).click();
    await guest.page.getByText("Moderators haven’t taken any action that concerns you.").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("warning", () => {
  it("is shown with its reason until it is read, and then listed with its details", async () => {
    const ann = await newPerson(server, "Ann Warned");
    const guest = await seat(browser, server, ann);
    await enterRoom(guest, ROOM);
    await take(moderator, { kind: "warn", userId: ann.id, rule: "harassment", text: "Please stay friendly." });
    await applied(guest).getByText("You received a warning").waitFor();
    expect(await applied(guest).textContent()).toContain("Please stay friendly.");
    await expectSound(guest);
    await applied(guest).getByRole("link").click();
    await card(guest).getByRole("heading", { name: "Warning" }).waitFor();
    const text = await card(guest).textContent();
    for (const part of ["Harassment", "The whole site", "A moderator", "Please stay friendly."]) expect(text).toContain(part);
    expect(text).not.toContain("Mo ");
    expect(await applied(guest).count()).toBe(0);
    await expectSound(guest);
    await guest.page.getByRole("button", { name: "Notifications", exact: false }).first().click();
    await guest.page.locator(".notification-link", { hasText: "A decision about you" }).waitFor();
    expect(await guest.page.locator(".notification-new").count()).toBe(0);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("mute in a room", () => {
  it("explains why and until when, and the composer works again once it is undone, without a reload", async () => {
    const ann = await newPerson(server, "Ann Muted");
    const guest = await seat(browser, server, ann);
    await enterRoom(guest, ROOM);
    const scope = { kind: "room", id: roomId } as const;
    const mute = await take(moderator, { kind: "mute", userId: ann.id, scope, rule: "spam", durationMs: HOUR_MS });
    const why = guest.page.locator(".composer-why");
    await why.getByText(/You can’t send messages until .* Rule: Spam\./).waitFor();
    expect(await isEnabled(guest)).toBe(false);
    expect(await why.getByRole("link", { name: "Details and appeal" }).getAttribute("href")).toBe("/me/moderation");
    await expectSound(guest);
    await undo(moderator, mute);
    await expect.poll(() => isEnabled(guest), { timeout: 10_000 }).toBe(true);
    await guest.say("back again");
    await guest.hears("back again");
    await applied(guest).getByText("A decision about you was undone").waitFor();
    await guest.context.close();
  });

  it("ends by itself on the open page", async () => {
    const ann = await newPerson(server, "Ann Briefly");
    const guest = await seat(browser, server, ann);
    await enterRoom(guest, ROOM);
    await take(moderator, { kind: "mute", userId: ann.id, rule: "spam", durationMs: 6_000 });
    await guest.page.locator(".composer-why").waitFor();
    expect(await isEnabled(guest)).toBe(false);
    await expect.poll(() => isEnabled(guest), { timeout: 30_000 }).toBe(true);
    await guest.say("free to speak");
    await guest.hears("free to speak");
    await guest.context.close();
  });
});

describe("removal from a room", () => {
  it("replaces the room with the reason, keeps unsent messages, and lets the user in again once it is undone", async () => {
    const ann = await newPerson(server, "Ann Removed");
    const guest = await seat(browser, server, ann, { size: "phone" });
    await enterRoom(guest, ROOM);
    await guest.say("still here");
    await guest.hears("still here");
    const scope = { kind: "room", id: roomId } as const;
    const ban = await take(moderator, {
      kind: "ban_room",
      userId: ann.id,
      scope,
      rule: "scam",
      text: "No dealing here.",
      durationMs: HOUR_MS,
    });
    await guest.page.getByRole("heading", { name: "You were banned from this room" }).waitFor({ timeout: 10_000 });
    expect(await guest.page.locator(".notice").textContent()).toMatch(/You can enter again on .*Rule: Scam or fraud\..*No dealing here\./);
    await expectSound(guest);
    await guest.open(ROOM);
    await guest.page.getByRole("heading", { name: "You were banned from this room" }).waitFor();
    await undo(moderator, ban);
    await guest.page.locator(".composer-field").waitFor({ timeout: 10_000 });
    await guest.hears("still here");
    await guest.context.close();
  });

  it("is explained on entering any room of the lounge, until when and by which rule", async () => {
    const ann = await newPerson(server, "Ann Outside");
    const { body } = await ann.ask("GET", "/api/chatroom/lounges");
    const lounge = (body.items as { id: string; slug: string }[]).find(({ slug }) => slug === "music");
    if (!lounge) throw new Error("there is no lounge");
    const scope = { kind: "lounge", id: lounge.id } as const;
    await take(moderator, { kind: "ban_lounge", userId: ann.id, scope, rule: "spam", durationMs: HOUR_MS });
    const guest = await seat(browser, server, ann);
    for (const language of ["en", "de"]) {
      await guest.open(`/l/music/${language}`);
      await guest.page.getByRole("heading", { name: "You were banned from this lounge" }).waitFor();
      await guest.page.getByText(/You can enter again on .* Rule: Spam\./).waitFor();
    }
    await expectSound(guest);
    await enterRoom(guest, ROOM);
    await guest.context.close();
  });

  it("keeps messages that were not sent", async () => {
    const ann = await newPerson(server, "Ann Offline");
    const guest = await seat(browser, server, ann);
    await enterRoom(guest, ROOM);
    await guest.context.setOffline(true);
    await guest.page.locator(`.line[data-line="offline"]`).waitFor({ state: "attached" });
    await guest.say("written offline");
    await take(moderator, { kind: "kick", userId: ann.id, scope: { kind: "room", id: roomId }, rule: "spam", durationMs: HOUR_MS });
    await guest.context.setOffline(false);
    await guest.page.getByRole("heading", { name: "You were removed from the room" }).waitFor({ timeout: 20_000 });
    await guest.page.getByText("Your unsent message for this room is kept on this device.").waitFor();
    await guest.context.close();
  });
});

describe("ban from the site", () => {
  it("leaves only the decision, the data and signing out; the appeal is decided by someone else, and the page returns", async () => {
    const ann = await newPerson(server, "Ann Banned");
    const guest = await seat(browser, server, ann);
    const { page } = guest;
    await enterRoom(guest, ROOM);
    const ban = await take(moderator, { kind: "ban_site", userId: ann.id, rule: "impersonation", text: "You posed as a moderator." });
    await page.getByRole("heading", { name: "You’re banned from this site" }).waitFor({ timeout: 10_000 });
    expect(await page.locator(".notice p").first().textContent()).toBe("The ban is permanent. Rule: Impersonation.");
    expect(await faultsOf(page)).toEqual([]);
    for (const path of ["/", "/m", "/home", "/rooms", "/me"]) {
      await guest.open(path);
      await page.getByRole("heading", { name: "You’re banned from this site" }).waitFor();
    }
    // A view that opens before the ban is known asks for data that the server denies.
    const denied = guest.troubles.splice(0);
    expect(denied.filter((one) => !/403 \(Forbidden\) .*\/api\//.test(one))).toEqual([]);
    await page.getByRole("link", { name: "Details and appeal" }).click();
    await card(guest).getByText("You posed as a moderator.").waitFor();
    await page.getByRole("link", { name: "Your data" }).waitFor();
    await page.getByRole("button", { name: "Appeal this decision" }).click();
    await page.getByLabel("Your appeal").fill("a".repeat(2_001));
    await page.getByText("1 character over the limit").waitFor();
    await page.getByLabel("Your appeal").fill("I only quoted them.");
    await page.getByText("1,981 characters left").waitFor();
    await expectSound(guest);
    await page.getByRole("button", { name: "Send appeal" }).click();
    await page.getByText("Your appeal is waiting for a decision.").waitFor();
    await expectSound(guest);
    const { body } = await colleague.ask("GET", "/api/moderation/appeals?state=open");
    const [appeal] = (body.items as { id: string; actionId: string }[]).filter(({ actionId }) => actionId === ban.id);
    const decided = await colleague.ask("POST", `/api/moderation/appeals/${appeal?.id}/decide`, {
      outcome: "reversed",
      answer: "You are right.",
    });
    expect(decided.status).toBe(200);
    await guest.open("/me/moderation");
    await page.getByText("Your appeal was successful. The decision was undone.").waitFor();
    await card(guest).getByText("You are right.").waitFor();
    await expectSound(guest);
    await enterRoom(guest, ROOM);
    await guest.context.close();
  });

  it("keeps an appeal when the connection is lost", async () => {
    const ann = await newPerson(server, "Ann Appealing");
    await take(moderator, { kind: "ban_site", userId: ann.id, rule: "spam" });
    const guest = await seat(browser, server, ann, { size: "phone" });
    const { page } = guest;
    await guest.open("/me/moderation");
    await page.getByRole("button", { name: "Appeal this decision" }).click();
    await page.getByLabel("Your appeal").fill("It was not me.");
    await guest.context.setOffline(true);
    await page.getByRole("button", { name: "Send appeal" }).click();
    await page.getByText("What you wrote is kept", { exact: false }).waitFor();
    await guest.context.setOffline(false);
    await guest.open("/me/moderation");
    expect(await page.getByLabel("Your appeal").inputValue()).toBe("It was not me.");
    await page.getByRole("button", { name: "Send appeal" }).click();
    await page.getByText("Your appeal is waiting for a decision.").waitFor();
    await guest.context.close();
  });
});
