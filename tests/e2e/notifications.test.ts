import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { MessageDto } from "../../utils/contract/schemas/messages.ts";
import type { NotificationPreferences } from "../../utils/contract/schemas/notification-preferences.ts";
import { type Member, newPerson, seat } from "./members.ts";
import { serverForFile } from "./server-for-file.ts";
import { expectSound } from "./soundness.ts";
import { type Guest, visit } from "./visitor.ts";

const ROOM = "/l/town-square/en";
let ann: Member;
let ben: Member;
/** The rooms of a lounge, by language. */
let rooms: Map<string, string>;
let roomId: string;
let talkId: string;

const { server, browser } = await serverForFile();

beforeEach(async () => {
  [ann, ben] = await Promise.all([newPerson(server, "Ann Archer"), newPerson(server, "Ben Baker")]);
  const { body } = await ann.ask("GET", "/api/chatroom/lounges");
  const { items } = body as { items: { slug: string; rooms: { id: string; languageCode: string }[] }[] };
  const lounge = items.find(({ slug }) => slug === "town-square");
  rooms = new Map(lounge?.rooms.map(({ id, languageCode }) => [languageCode, id]));
  roomId = rooms.get("en") ?? "";
  await ben.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  talkId = ((await ann.ask("POST", "/api/conversations", { userId: ben.id })).body as { id: string }).id;
});

const say = async (who: Member, room: string, text: string): Promise<string> => {
  const { status, body } = await who.ask("POST", `/api/chatroom/rooms/${room}/messages`, { text, clientMessageId: crypto.randomUUID() });
  expect(status).toBe(201);
  return (body as MessageDto).id;
};
const mention = (text: string) => say(ann, roomId, `${ben.mention} ${text}`);
const preferencesOf = async (who: Member) => (await who.ask("GET", "/api/notifications/preferences")).body as NotificationPreferences;
const change = (who: Member, body: object) => who.patch("/api/notifications/preferences", body);
const toast = (page: Page) => page.locator(".toast-card");
const button = ({ page }: Guest, name: string | RegExp) => page.getByRole("button", { name });

/** How often a toast is announced until the pointer is over it: a toast is shown for 7 s, which a busy machine may need for the move. */
const TRIES = 3;

/** Announces something and moves the pointer over its toast, which keeps the toast open. */
async function holdToast(page: Page, announce: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    await announce();
    try {
      return await toast(page).hover({ timeout: 8_000 });
    } catch (error) {
      if (attempt === TRIES) throw error;
    }
  }
}

async function sit(options: Parameters<typeof seat>[3] = {}, path = "/m"): Promise<Guest> {
  const guest = await seat(browser, server, ben, options);
  // Counts the tones instead of playing them.
  await guest.context.addInitScript(() => {
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function count(this: OscillatorNode, at?: number) {
      document.documentElement.dataset.tones = String(Number(document.documentElement.dataset.tones ?? 0) + 1);
      start.call(this, at);
    };
  });
  await guest.open(path);
  await guest.page.locator('[data-line="online"]').waitFor({ state: "attached" });
  await guest.page.locator("main").waitFor();
  return guest;
}

/** Opens the notification center. */
async function openCentre(guest: Guest): Promise<void> {
  await guest.page.locator(".bell").first().click();
  await guest.page.locator(".notification-tools").waitFor();
}

describe("toast", () => {
  it("announces a mention and a direct message, one at a time, at the lower edge", async () => {
    const his = await sit({ size: "phone" });
    await mention("are you there?");
    await toast(his.page).getByText("are you there?").waitFor();
    await say(ann, talkId, "And here?");
    await toast(his.page).getByText("sent a message").waitFor();
    expect(await toast(his.page).count()).toBe(1);
    const box = await toast(his.page).boundingBox();
    expect(box?.y ?? 0).toBeGreaterThan(422);
    await expectSound(his);
    await his.context.close();
  });

  it("closes when its notification is read on another device, and when the notification list opens", async () => {
    const his = await sit();
    const other = await sit();
    await mention("first");
    await toast(his.page).getByText("first").waitFor();
    await toast(other.page).hover();
    await openCentre(his);
    await expect.poll(() => toast(his.page).count()).toBe(0);
    await button(his, "Mark all as read").click();
    await expect.poll(() => toast(other.page).count()).toBe(0);
    await mention("while the list is open");
    await his.page.locator(".notification", { hasText: "while the list is open" }).waitFor();
    expect(await toast(his.page).count()).toBe(0);
    await Promise.all([his.context.close(), other.context.close()]);
  });

  it("for a conversation closes when it is read on another device", async () => {
    const his = await sit();
    const other = await sit();
    await holdToast(his.page, () => say(ann, talkId, "For one device"));
    await other.open(`/m/${talkId}`);
    await other.page.locator(".message-text", { hasText: "For one device" }).first().waitFor();
    await expect.poll(() => toast(his.page).count()).toBe(0);
    await Promise.all([his.context.close(), other.context.close()]);
  });

  it("is not shown for a disabled kind or while notifications are paused, which the bell indicates", async () => {
    const his = await sit();
    await change(ben, { kinds: { messages: false } });
    await say(ann, talkId, "Not announced");
    await his.page.locator(".sidebar .conversation-preview", { hasText: "Not announced" }).waitFor({ state: "attached" });
    expect(await toast(his.page).count()).toBe(0);
    await openCentre(his);
    await button(his, "Do not disturb").click();
    await expectSound(his);
    await button(his, "For 1 hour").click();
    await his.page.locator(".quiet-state", { hasText: "Do not disturb is on until" }).waitFor();
    await button(his, /^Notifications · Do not disturb is on/).waitFor();
    await expect.poll(async () => (await preferencesOf(ben)).pausedUntil).not.toBeNull();
    await button(his, "Close").first().click();
    await mention("hush");
    await expect.poll(() => his.page.locator(".bell .badge-count").first().textContent()).toContain("1");
    expect(await toast(his.page).count()).toBe(0);
    await change(ben, { pausedUntil: null });
    await expect.poll(() => button(his, /Do not disturb is on/).count()).toBe(0);
    await mention("loud again");
    await toast(his.page).getByText("loud again").waitFor();
    await his.context.close();
  });
});

describe("notification sound", () => {
  it("is off by default, plays when enabled, and is silent during quiet hours", async () => {
    const his = await sit();
    const tones = () => his.page.evaluate(() => Number(document.documentElement.dataset.tones ?? 0));
    // Browsers allow sound only after a user interaction.
    await his.page.mouse.click(5, 300);
    await mention("silently");
    await toast(his.page).getByText("silently").waitFor();
    expect(await tones()).toBe(0);
    await change(ben, { sound: true });
    await mention("with a tone");
    await expect.poll(tones).toBe(2);
    const timeZone = "UTC";
    const hour = new Date().getUTCHours();
    const clock = (hours: number) => `${String((hours + 24) % 24).padStart(2, "0")}:00`;
    await change(ben, { quietHours: { from: clock(hour - 1), to: clock(hour + 2), timeZone } });
    await button(his, /Do not disturb is on/).waitFor();
    await mention("at night");
    await expect.poll(() => his.page.locator(".bell .badge-count").first().textContent()).toContain("3");
    expect(await tones()).toBe(2);
    await his.context.close();
  });
});

describe("notification center", () => {
  it("groups by room, newest first, with counts, a filter, and a button that marks a group as read", async () => {
    await mention("one");
    await mention("two");
    await say(ann, rooms.get("de") ?? "", `${ben.mention} three`);
    const his = await sit();
    await openCentre(his);
    const groups = his.page.locator(".notification-group");
    await expect.poll(() => groups.count()).toBe(2);
    expect(await groups.locator("h3").allTextContents()).toEqual(["Deutsch · Town Square", "English · Town Square"]);
    expect(await groups.locator(".notification-group-count").allTextContents()).toEqual(["1 unread", "2 unread"]);
    await expectSound(his);
    await button(his, /^Mark all from .*English.* as read$/).click();
    await expect.poll(() => groups.locator(".notification-group-count").allTextContents()).toEqual(["1 unread"]);
    expect(await his.page.evaluate(() => document.activeElement?.textContent)).toBe("English · Town Square");
    await his.page.getByRole("button", { name: "Unread", exact: true }).click();
    await expect.poll(() => groups.count()).toBe(1);
    await button(his, "Mark all as read").click();
    await his.page.getByRole("button", { name: "All", exact: true }).click();
    await expect.poll(() => groups.count()).toBe(2);
    await button(his, "Unread").click();
    await his.page.getByText("You’re all caught up").waitFor();
    await expectSound(his);
    await his.context.close();
  });

  it("sends a reply in place, and keeps the draft", async () => {
    const messageId = await mention("what do you think?");
    const his = await sit();
    await openCentre(his);
    await button(his, /^Reply to .?Ann Archer/).click();
    const field = his.page.getByRole("textbox", { name: /Reply to/ });
    await field.fill("I think");
    await expectSound(his);
    await his.page.reload();
    await openCentre(his);
    expect(await field.inputValue()).toBe("I think");
    await field.fill("I think so");
    await field.press("Enter");
    await his.page.getByText("Reply sent").waitFor();
    const { body } = await ann.ask("GET", `/api/chatroom/rooms/${roomId}/messages?limit=1`);
    expect(body).toMatchObject({ items: [{ text: "I think so", replyTo: { id: messageId } }] });
    expect(await his.page.locator(".notification-new").count()).toBe(0);
    await his.context.close();
  });

  it("shows why a reply was rejected, and lets the user edit it", async () => {
    await mention("and?");
    const his = await sit();
    await openCentre(his);
    await button(his, /^Reply to .?Ann Archer/).click();
    const field = his.page.getByRole("textbox", { name: /Reply to/ });
    await field.fill("x".repeat(4_001));
    await field.press("Enter");
    await his.page.locator(".notification-reply-failed").waitFor();
    await expectSound(his);
    await button(his, "Edit").click();
    await field.fill("Shorter");
    await field.press("Enter");
    await his.page.getByText("Reply sent").waitFor();
    await his.context.close();
  });
});

describe("notification settings", () => {
  it("are saved immediately on all devices, with quiet hours and a level for each room", async () => {
    await say(ann, talkId, "Hello");
    const his = await sit({ colorScheme: "dark" }, "/settings/notifications");
    const phone = await sit({ size: "phone" }, "/settings/notifications");
    expect(await his.page.title()).toMatch(/Notifications · Settings/);
    const setting = ({ page }: Guest, name: string | RegExp) => page.getByRole("switch", { name });
    await setting(his, /^Sound/).click();
    await expect.poll(() => setting(phone, /^Sound/).isChecked()).toBe(true);
    await button(his, "Play sound").waitFor();
    await setting(his, "Replies to my messages").click();
    await setting(his, /^Quiet hours/).click();
    await his.page.getByLabel("From", { exact: true }).fill("21:30");
    await expect.poll(async () => (await preferencesOf(ben)).quietHours?.from).toBe("21:30");
    await expect.poll(async () => (await preferencesOf(ben)).kinds.replies).toBe(false);
    await his.page.getByLabel("To", { exact: true }).fill("21:30");
    await his.page.getByText("Choose two different times.").waitFor();
    await expectSound(his);
    await his.page.getByLabel("To", { exact: true }).fill("07:00");
    await expect.poll(async () => (await preferencesOf(ben)).quietHours?.to).toBe("07:00");
    await his.page.getByLabel(/^Notifications for .?Ann Archer/).selectOption("Muted");
    await expect
      .poll(async () => ((await ben.ask("GET", `/api/conversations/${talkId}`)).body as { me: { level: string } }).me.level)
      .toBe("mute");
    await button(phone, "For 30 minutes").click();
    await phone.page.locator(".quiet-state", { hasText: "Do not disturb is on" }).waitFor();
    await expectSound(phone);
    await Promise.all([his.context.close(), phone.context.close()]);
  });

  it("are available to guests", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(ROOM, "Heron 55");
    await guest.open("/settings/notifications");
    await guest.page.getByRole("switch", { name: /^Pop-ups/ }).click();
    await guest.page.getByText("Saved").waitFor();
    await guest.context.close();
  });
});
