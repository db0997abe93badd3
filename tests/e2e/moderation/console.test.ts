import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";
import { button, caseOf, caseRow, openConsole, openedCase, reportMessage, writeIn } from "./console-steps.ts";
import { enterRoom, newModerator, openMenu, rowOf } from "./people-steps.ts";

let mo: Member;
let col: Member;
let rea: Member;
let roomId: string;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  mo = await newModerator(server, "Mo Maple");
  col = await newModerator(server, "Col Cedar");
  rea = await newPerson(server, "Rea Reed");
  roomId = await roomIdOf(server.url, ROOM);
});

const undoBar = ({ page }: Guest) => page.locator(".undo-bar");

/** Creates a user with reported messages. @returns the numbers of the cases */
async function reported(name: string, texts: readonly string[], reason = "spam"): Promise<{ author: Member; numbers: number[] }> {
  const author = await newPerson(server, name);
  const numbers: number[] = [];
  for (const text of texts) numbers.push(await reportMessage(rea, { id: await writeIn(author, roomId, text), reason }));
  return { author, numbers };
}

/** Opens a case by its address. */
async function openAt(guest: Guest, number: number): Promise<void> {
  await guest.open(`/moderation/cases/${(await caseOf(mo, number)).id}`);
  await openedCase(guest, number);
  await guest.page.locator(`html[data-line="online"]`).waitFor({ state: "attached" });
}

const stateOf = async (number: number) => (await caseOf(mo, number)).state;

describe("console by keyboard", () => {
  it("opens, claims, deletes, mutes and undoes with single keys, and lists them", { timeout: 120_000 }, async () => {
    const { numbers } = await reported("Kay Keys", ["first offer by Kay", "second offer by Kay"]);
    const [first = 0, second = 0] = numbers;
    const reader = await seat(browser, server, rea);
    await enterRoom(reader, ROOM);
    const guest = await openConsole(browser, server, mo);
    const { page } = guest;
    const press = (key: string) => page.keyboard.press(key);
    await caseRow(guest, second).waitFor();
    await press("j");
    await openedCase(guest, first);
    await press("j");
    await openedCase(guest, second);
    await press("k");
    await openedCase(guest, first);
    await press("c");
    await page.getByText("You’re working on this").last().waitFor();

    await press("x");
    await undoBar(guest).getByText("Message deleted").waitFor();
    await rowOf(reader, "first offer by Kay").waitFor({ state: "detached" });
    await press("u");
    await undoBar(guest).waitFor({ state: "detached" });
    await rowOf(reader, "first offer by Kay").waitFor();

    await openAt(guest, second);
    await press("m");
    const form = page.getByRole("dialog");
    await form.waitFor();
    await press("1");
    await expect.poll(() => form.getByRole("radio", { name: "10 minutes" }).isChecked()).toBe(true);
    await press("Enter");
    await undoBar(guest).getByText("Mute: ").waitFor();
    await expect.poll(() => stateOf(second)).toBe("resolved");

    await press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    await expectSound(guest);
    await page.getByRole("switch", { name: "Use single keys as shortcuts" }).click();
    await press("Escape");
    // The closed dialog leaves its entry of the history.
    await expect.poll(() => page.evaluate(() => history.state)).toBeNull();
    await guest.open("/moderation");
    await page.locator("main.mod").waitFor();
    await press("j");
    await page.getByText("Choose a case").waitFor();
    await reader.context.close();
    await guest.context.close();
  });

  it("keeps a dismissed case open until the time to undo is over", { timeout: 90_000 }, async () => {
    const { numbers } = await reported("Dee Dismissed", ["nothing wrong here by Dee"]);
    const [number = 0] = numbers;
    const guest = await openConsole(browser, server, mo);
    await openAt(guest, number);
    await guest.page.keyboard.press("d");
    await undoBar(guest).getByText(`Case ${number} dismissed.`).waitFor();
    await expect.poll(() => caseRow(guest, number).count()).toBe(0);
    expect(await stateOf(number)).toBe("open");
    await button(guest, "Undo").click();
    await caseRow(guest, number).waitFor();
    await openAt(guest, number);
    await button(guest, "Dismiss").click();
    await undoBar(guest).waitFor({ state: "detached", timeout: 20_000 });
    await expect.poll(() => stateOf(number)).toBe("resolved");
    await guest.context.close();
  });
});

describe("case that another moderator changes", () => {
  it("is updated, and the draft of a decision is kept", { timeout: 90_000 }, async () => {
    const { numbers } = await reported("Con Conflict", ["an offer by Con"]);
    const [number = 0] = numbers;
    const guest = await openConsole(browser, server, mo);
    const { page } = guest;
    await openAt(guest, number);
    await button(guest, "Mute").click();
    await page.getByRole("dialog").getByLabel("Message to the user").fill("My long explanation");
    // The console does not learn about the claim in time.
    await page.route("**/socket.io/**", (route) => route.abort());
    await guest.context.setOffline(true);
    const one = await caseOf(col, number);
    expect((await col.ask("POST", `/api/moderation/cases/${one.id}/claim`, { version: one.version })).status).toBe(200);
    await guest.context.setOffline(false);
    await page.getByRole("button", { name: "Mute: 1 hour" }).click();
    await page.getByText("Another moderator changed this case.").first().waitFor();
    expect(await page.getByLabel("Message to the user").inputValue()).toBe("My long explanation");
    await page.keyboard.press("Escape");
    await page.locator(".mod-claim-other", { hasText: "Col Cedar" }).waitFor();
    expect(await button(guest, "Mute").count()).toBe(0);
    const claimed = await caseOf(col, number);
    await col.ask("POST", `/api/moderation/cases/${one.id}/release`, { version: claimed.version });
    await page.unroute("**/socket.io/**");
    await openAt(guest, number);
    guest.troubles.splice(0);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("selected cases", () => {
  it("get an action together, on a phone, with one undo", { timeout: 120_000 }, async () => {
    const { author, numbers } = await reported("Bo Bulk", ["bulk one by Bo", "bulk two by Bo"]);
    const guest = await openConsole(browser, server, mo, { size: "phone" });
    const { page } = guest;
    await caseRow(guest, numbers[0] ?? 0).waitFor();
    await button(guest, "Select").click();
    for (const number of numbers) await page.getByLabel(`Select case ${number}`).check();
    await page.getByText("2 selected").waitFor();
    await expectSound(guest);
    await button(guest, "Take action").click();
    const form = page.getByRole("dialog");
    await form.getByText("Delete message", { exact: true }).click();
    await expectSound(guest);
    await form.getByRole("button", { name: "Delete message" }).click();
    await undoBar(guest).getByText("2 actions taken.").waitFor();
    for (const number of numbers) await expect.poll(() => stateOf(number)).toBe("resolved");
    const deleted = async () =>
      (await mo.ask("GET", `/api/moderation/actions?userId=${author.id}`)).body.items as { revertedAt: string | null }[];
    expect((await deleted()).map(({ revertedAt }) => revertedAt)).toEqual([null, null]);
    await button(guest, "Undo").click();
    await expect.poll(async () => (await deleted()).every(({ revertedAt }) => revertedAt !== null)).toBe(true);
    await guest.context.close();
  });
});

describe("message menu", () => {
  it("offers moderation to staff only, and an action there can be undone", { timeout: 90_000 }, async () => {
    const author = await newPerson(server, "Meg Menu");
    await writeIn(author, roomId, "moderate me from the menu");
    const member = await seat(browser, server, rea);
    await enterRoom(member, ROOM);
    await openMenu(member, "moderate me from the menu");
    expect(await member.page.getByRole("menuitem", { name: "Moderate" }).count()).toBe(0);
    const guest = await seat(browser, server, mo);
    await enterRoom(guest, ROOM);
    await openMenu(guest, "moderate me from the menu");
    await guest.page.getByRole("menuitem", { name: "Moderate" }).click();
    const form = guest.page.getByRole("dialog");
    await form.getByText("Moderate ", { exact: false }).first().waitFor();
    await expectSound(guest);
    await form.getByRole("button", { name: "Delete message" }).click();
    await rowOf(member, "moderate me from the menu").waitFor({ state: "detached" });
    await button(guest, "Undo").click();
    await rowOf(member, "moderate me from the menu").waitFor();
    for (const one of [member, guest]) {
      expect(one.troubles).toEqual([]);
      await one.context.close();
    }
  });
});
