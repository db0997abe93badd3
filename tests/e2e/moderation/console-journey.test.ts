import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest, Size } from "../visitor.ts";
import { button, caseRow, openConsole, openedCase, writeIn } from "./console-steps.ts";
import { enterRoom, newModerator, openMenu } from "./people-steps.ts";

let mo: Member;
let col: Member;
let roomId: string;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  mo = await newModerator(server, "Mo Maple");
  col = await newModerator(server, "Col Cedar");
  roomId = await roomIdOf(server.url, ROOM);
});

/** Reports a message from its menu. @returns the number of the case */
async function report(guest: Guest, text: string): Promise<number> {
  await openMenu(guest, text);
  await guest.page.getByRole("menuitem", { name: "Report" }).click();
  await guest.page.getByText("Spam", { exact: true }).click();
  await button(guest, "Send report").click();
  const said = await guest.page
    .getByText(/\b#?\d+/)
    .filter({ hasText: /report/i })
    .first()
    .textContent();
  const [number] = /\d+/.exec(said ?? "") ?? [];
  return Number(number);
}

/** Opens a case from the list, and claims it. */
async function claim(guest: Guest, number: number): Promise<void> {
  await caseRow(guest, number).getByRole("link").click();
  await openedCase(guest, number);
  await button(guest, "Claim").click();
  await guest.page.getByText("You’re working on this").last().waitFor();
}

/** Mutes the user of the open case for a day, with an explanation. */
async function mute(guest: Guest, text: string): Promise<void> {
  const { page } = guest;
  await button(guest, "Mute").click();
  const form = page.getByRole("dialog");
  await form.getByText("1 day", { exact: true }).click();
  await form.getByText("This room", { exact: true }).click();
  await form.getByLabel("Message to the user").fill(text);
  await expectSound(guest);
  await form.getByRole("button", { name: "Mute: 1 day" }).click();
  await form.waitFor({ state: "detached" });
  await page.locator(".undo-bar").getByText("Mute: ").waitFor();
}

const sizes: Size[] = ["wide", "phone"];

describe.each(sizes)("a report, from the message to the reversal of the decision, at %s size", (size) => {
  it("mutes the author in their language, and an appeal to another moderator lets them write again", { timeout: 180_000 }, async () => {
    const ines = await newPerson(server, `Inés ${size}`);
    const rea = await newPerson(server, `Rea ${size}`);
    const text = `Buy my wonderful course today, ${size}`;
    await writeIn(rea, roomId, "Good evening, everybody");
    await writeIn(ines, roomId, text);
    const author = await seat(browser, server, ines, { size, locale: "es" });
    await enterRoom(author, ROOM);
    const reporter = await seat(browser, server, rea);
    await enterRoom(reporter, ROOM);
    const first = await openConsole(browser, server, mo, { size });
    const second = await openConsole(browser, server, col, { size });

    const number = await report(reporter, text);
    // Both consoles show the new case at once, and the claim of a colleague.
    for (const one of [first, second]) await caseRow(one, number).getByText("Spam").waitFor();
    await claim(first, number);
    await caseRow(second, number)
      .getByText(/is working on this/)
      .waitFor();
    await expectSound(first);
    await expectSound(second);
    await mute(first, "Advertising is not allowed in this room.");
    await caseRow(second, number).waitFor({ state: "detached" });

    // The author sees it in their own language, and cannot write.
    await author.page
      .locator(".composer-why")
      .getByText(/Spam|spam/)
      .waitFor();
    expect(await author.page.locator(".composer-field").isEnabled()).toBe(false);
    await author.open("/me/moderation");
    await author.page.getByText("Advertising is not allowed in this room.").first().waitFor();
    expect(await author.page.locator("html").getAttribute("lang")).toBe("es");
    await button(author, "Apelar esta decisión").first().click();
    await author.page.getByLabel("Tu apelación").fill("Era el curso gratuito de mi escuela.");
    await button(author, "Enviar apelación").click();
    await author.page.getByText("Tu apelación está pendiente de decisión.").waitFor();

    // The moderator who acted cannot decide about it; a colleague can.
    await first.open("/moderation/appeals");
    await first.page.getByText("You took this action, so another moderator has to decide.").first().waitFor();
    await expectSound(first);
    await second.open("/moderation/appeals");
    const appeal = second.page.locator(".mod-appeal", { hasText: "Era el curso gratuito de mi escuela." });
    await appeal.getByText("Advertising is not allowed in this room.").waitFor();
    await appeal.getByLabel("Answer to the user").fill("You are right, we have undone it.");
    await expectSound(second);
    await appeal.getByRole("button", { name: "Undo the action" }).click();
    await second.page.getByText("Action undone").last().waitFor();

    await author.page.getByText("You are right, we have undone it.").waitFor();
    await enterRoom(author, ROOM);
    await expect.poll(() => author.page.locator(".composer-field").isEnabled()).toBe(true);
    await author.say(`Gracias, ${size}`);
    await author.hears(`Gracias, ${size}`);
    for (const one of [author, reporter, first, second]) {
      expect(one.troubles).toEqual([]);
      await one.context.close();
    }
  });
});
