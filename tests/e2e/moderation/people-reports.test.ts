import { beforeAll, describe, expect, it } from "vitest";
import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import { textFor } from "../../support/factories.ts";
import { type Member, newPerson, seat } from "../members.ts";
import { ROOM } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { type Guest, visit } from "../visitor.ts";
import { enterRoom, menuEntries, newModerator, openMenu } from "./people-steps.ts";

let moderator: Member;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  moderator = await newModerator(server, "Mo");
});

const button = ({ page }: Guest, name: string) => page.getByRole("button", { name, exact: true });
const dialog = ({ page }: Guest) => page.getByRole("dialog");
const reason = ({ page }: Guest, name: RegExp) => page.getByRole("radio", { name });

/** Returns the number that the dialog shows after a report was sent. */
async function sentNumber(guest: Guest): Promise<number> {
  const text = await guest.page.locator(".report-number").textContent();
  return Number(/(\d+)/.exec(text ?? "")?.[1]);
}

describe("reporting a message", () => {
  it("works by keyboard, shows the number, and lists the report", async () => {
    const ann = await newPerson(server, "Ann Author");
    const ben = await newPerson(server, "Ben Reporter");
    const author = await seat(browser, server, ann);
    const guest = await seat(browser, server, ben);
    await enterRoom(author, ROOM);
    await author.say("buy cheap watches");
    await enterRoom(guest, ROOM);
    await guest.hears("buy cheap watches");
    await openMenu(guest, "buy cheap watches");
    await guest.page.getByRole("menuitem", { name: "Report" }).press("Enter");
    await dialog(guest)
      .getByText(/Ann Author.* won’t learn who reported it/)
      .waitFor();
    await expectSound(guest);
    await button(guest, "Send report").press("Enter");
    await guest.page.getByText("Choose a reason.").waitFor();
    await guest.page.keyboard.press("Space");
    expect(await reason(guest, /^Spam/).isChecked()).toBe(true);
    await button(guest, "Send report").press("Enter");
    await guest.page.getByRole("heading", { name: "Report sent" }).waitFor();
    const number = await sentNumber(guest);
    expect(number).toBeGreaterThan(0);
    await expectSound(guest);
    await guest.page.getByRole("link", { name: "My reports" }).click();
    await guest.page.getByRole("heading", { name: `Report ${number}` }).waitFor();
    expect(await guest.page.locator(".record-card").textContent()).toMatch(/Received.*Spam/);
    await expectSound(guest);
    for (const { context } of [author, guest]) await context.close();
  });

  it("returns the same number for a second report, and offers to block the author with an undo", async () => {
    const guest = await seat(browser, server, await newPerson(server, "Bo Again"));
    await enterRoom(guest, ROOM);
    const numbers: number[] = [];
    for (const _ of [1, 2]) {
      await openMenu(guest, "buy cheap watches");
      await guest.page.getByRole("menuitem", { name: "Report" }).click();
      await reason(guest, /^Scam/).check();
      await button(guest, "Send report").click();
      await guest.page.locator(".report-number").waitFor();
      numbers.push(await sentNumber(guest));
      if (numbers.length === 1) await button(guest, "Done").click();
    }
    expect(numbers[0]).toBe(numbers[1]);
    await guest.page.getByRole("button", { name: /^Block/ }).click();
    await guest.page.locator(".undo-bar").getByText("You blocked").waitFor();
    await guest.page.getByText("Message from someone you blocked").first().waitFor();
    await guest.context.close();
  });

  it("is not offered for the user’s own messages", async () => {
    const guest = await seat(browser, server, await newPerson(server, "Own Owner"));
    await enterRoom(guest, "/l/music/en");
    await guest.say("my own words");
    await guest.hears("my own words");
    await openMenu(guest, "my own words");
    const entries = await menuEntries(guest);
    expect(entries.some((entry) => entry.startsWith("Reply"))).toBe(true);
    expect(entries.some((entry) => entry.startsWith("Report"))).toBe(false);
    await guest.context.close();
  });
});

describe("reporting a person", () => {
  it("works for a guest on a phone, and keeps what was written when the connection is lost", async () => {
    const author = await seat(browser, server, await newPerson(server, "Pat Profile"));
    await enterRoom(author, "/l/games/en");
    await author.say("hello from Pat");
    const guest = await visit(browser, server.url, { size: "phone" });
    const { page } = guest;
    await guest.join("/l/games/en", "Gil Guest");
    await guest.hears("hello from Pat");
    await page.getByRole("button", { name: "Pat Profile" }).first().click();
    await dialog(guest).getByRole("button", { name: "Report" }).click();
    await page.getByRole("heading", { name: /Report .*Pat Profile/ }).waitFor();
    await reason(guest, /^Something else/).check();
    await button(guest, "Send report").click();
    await page.getByText("Describe what happened.").waitFor();
    await expectSound(guest);
    await page.getByLabel("What happened?").fill("follows me from room to room");
    await guest.context.setOffline(true);
    await button(guest, "Send report").click();
    await page.getByText("What you wrote is kept", { exact: false }).waitFor();
    expect(await page.getByLabel("What happened?").inputValue()).toBe("follows me from room to room");
    await button(guest, "Close").last().click();
    await guest.context.setOffline(false);
    await page.getByRole("button", { name: "Pat Profile" }).first().click();
    await dialog(guest).getByRole("button", { name: "Report" }).click();
    await reason(guest, /^Something else/).check();
    expect(await page.getByLabel("What happened?").inputValue()).toBe("follows me from room to room");
    await button(guest, "Send report").click();
    await page.locator(".report-number").waitFor();
    expect(await page.getByRole("button", { name: /^Block/ }).count()).toBe(0);
    await expectSound(guest);
    for (const { context } of [author, guest]) await context.close();
  });
});

describe("reporting a conversation", () => {
  it("is offered in its header, and the reporter learns the outcome", async () => {
    const eve = await newPerson(server, "Eve Writer");
    const kim = await newPerson(server, "Kim Reporter");
    await kim.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
    const { body: conversation } = await eve.ask("POST", "/api/conversations", { userId: kim.id });
    const roomId = String(conversation.id);
    await eve.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, textFor(roomId, { text: "answer me now" }));
    await kim.ask("POST", `/api/conversations/${roomId}/accept`);
    const guest = await seat(browser, server, kim);
    const { page } = guest;
    await enterRoom(guest, `/m/${roomId}`);
    await guest.hears("answer me now");
    await page.locator(".room-head").getByRole("button", { name: "Details" }).click();
    await page.locator(".head-menu").getByRole("button", { name: "Report" }).click();
    await page.getByRole("heading", { name: "Report conversation" }).waitFor();
    await reason(guest, /^Harassment/).check();
    await button(guest, "Send report").click();
    await page.locator(".report-number").waitFor();
    const number = await sentNumber(guest);
    await button(guest, "Done").click();
    const { body } = await moderator.ask("GET", `/api/moderation/cases?subjectId=${eve.id}`);
    const [found] = body.items as CaseDto[];
    if (!found) throw new Error("there is no case");
    expect(found.number).toBe(number);
    const resolved = await moderator.ask("POST", `/api/moderation/cases/${found.id}/resolve`, {
      version: found.version,
      outcome: "dismissed",
    });
    expect(resolved.status).toBe(200);
    await page.locator(".toast-link", { hasText: "Your report was reviewed" }).click();
    await page.getByRole("heading", { name: `Report ${number}` }).waitFor();
    await page.getByText("Moderators found no violation of the house rules.").waitFor();
    await expect.poll(() => page.locator(".bell .badge").count()).toBe(0);
    await expectSound(guest);
    await guest.context.close();
  });
});
