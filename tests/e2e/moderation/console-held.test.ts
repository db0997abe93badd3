import { beforeAll, expect, it } from "vitest";
import { limits } from "../../../utils/contract/limits.ts";
import type { CaseDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import { textFor } from "../../support/factories.ts";
import { type Member, newPerson, seat } from "../members.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";
import { button, openConsole } from "./console-steps.ts";
import { newModerator } from "./people-steps.ts";

let moderator: Member;
/** Members who accept messages from everyone and never reply. */
let strangers: Member[];

const { server, browser } = await serverForFile();

beforeAll(async () => {
  moderator = await newModerator(server, "Mo");
  const names = Array.from({ length: limits.strangersOfText }, (_, at) => `Stranger ${at + 1}`);
  strangers = await Promise.all(names.map((name) => newPerson(server, name)));
  for (const one of strangers) await one.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
});

type Said = { id: string; seq: number | null; moderation: string };

async function tell(writer: Member, { id: userId }: Member, text: string): Promise<Said> {
  const roomId = String((await writer.ask("POST", "/api/conversations", { userId })).body.id);
  return (await writer.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, textFor(roomId, { text }))).body as Said;
}

/** Sends the same text to five strangers, so that the last of these messages waits for review. @returns its id */
async function tellAll(writer: Member, text: string): Promise<string> {
  const said: Said[] = [];
  for (const one of strangers) said.push(await tell(writer, one, text));
  const held = said.pop();
  for (const { moderation } of said) expect(moderation).toBe("approved");
  expect(held).toMatchObject({ moderation: "pending", seq: null });
  return held?.id ?? "";
}

const rows = ({ page }: Guest) => page.locator(".mod-row");
const undoBar = ({ page }: Guest) => page.locator(".undo-bar");

/** Opens the case of a user's held message. */
async function openHeld(guest: Guest, { name, text }: { name: string; text: string }): Promise<void> {
  await rows(guest).filter({ hasText: name }).getByRole("link").click();
  await guest.page.locator(".mod-message-reported", { hasText: text }).waitFor();
}

/** Returns the case of a held message, as staff see it. */
async function caseOfHeld(messageId: string): Promise<CaseDto> {
  const { body } = await moderator.ask("GET", "/api/moderation/cases?kind=held&limit=100");
  const found = (body.items as CaseDto[]).find(({ target }) => target.id === messageId);
  if (!found) throw new Error("the message has no case");
  return found;
}

/** Checks that the approved message arrives and the rejected one does not. */
async function readsTheFirst(stranger: Member | undefined): Promise<void> {
  if (!stranger) throw new Error("nobody to read");
  const guest = await seat(browser, server, stranger);
  await guest.open("/m");
  const talk = guest.page.locator("[data-conversation]", { hasText: "Ann Agave" }).first();
  await talk.waitFor();
  expect(await guest.page.content()).not.toContain("Buy my wonderful course");
  await talk.click();
  await guest.page.locator(".message-text", { hasText: "looking for people to practise with" }).waitFor();
  await guest.context.close();
}

it("moderator approves one held message and rejects another, on a phone in dark mode", { timeout: 120_000 }, async () => {
  const ann = await newPerson(server, "Ann Agave");
  const ben = await newPerson(server, "Ben Birch");
  await tellAll(ann, "Hello, I am **new** here and looking for people to practise with");
  await tellAll(ben, "Buy my wonderful course, only today at half its price");
  const guest = await seat(browser, server, moderator, { size: "phone", colorScheme: "dark" });
  const { page } = guest;
  await guest.open("/settings");
  await page.getByRole("link", { name: "Moderation" }).click();
  await expect.poll(() => rows(guest).count()).toBe(2);
  await openHeld(guest, { name: "Ann Agave", text: "looking for people to practise with" });
  await page.locator(".mod-message-reported strong", { hasText: "new" }).waitFor();
  await page.getByText("This message isn’t published.").waitFor();
  expect(await button(guest, "Dismiss").count()).toBe(0);
  await expectSound(guest);

  // The next case opens at once; the decision is final once it can no longer be undone.
  await button(guest, "Approve").click();
  await undoBar(guest).getByText("Message approved").waitFor();
  await page.locator(".mod-message-reported", { hasText: "Buy my wonderful course" }).waitFor();
  await expectSound(guest);
  await button(guest, "Reject").click();
  await undoBar(guest).getByText("Message rejected").waitFor();
  await page.getByText("No cases to review").waitFor();
  await undoBar(guest).waitFor({ state: "detached", timeout: 20_000 });
  await expectSound(guest);
  await expect.poll(async () => (await moderator.ask("GET", "/api/moderation/cases?kind=held&state=resolved")).body.items).toHaveLength(2);
  await guest.context.close();
  await readsTheFirst(strangers.at(-1));
});

it("author sees the pending state on each device and after a reload, until the decision", { timeout: 120_000 }, async () => {
  const fay = await newPerson(server, "Fay Fern");
  const texts = ["Shall we learn a language together this winter?", "I sell umbrellas in every colour"];
  for (const text of texts) for (const one of strangers.slice(0, -1)) await tell(fay, one, text);
  const last = strangers.at(-1) as Member;
  const roomId = String((await fay.ask("POST", "/api/conversations", { userId: last.id })).body.id);
  const wide = await seat(browser, server, fay);
  const devices = [wide, await seat(browser, server, fay, { size: "phone", colorScheme: "dark" })];
  const row = ({ page }: Guest, text: string) => page.locator(".message", { hasText: text });
  for (const device of devices) {
    await device.open(`/m/${roomId}`);
    await device.page.locator(".composer-field").waitFor();
  }
  for (const text of texts) {
    await wide.page.locator(".composer-field").fill(text);
    await wide.page.keyboard.press("Enter");
    for (const device of devices) await row(device, text).getByText("Held for review").waitFor();
  }
  await wide.page.reload();
  for (const text of texts) await row(wide, text).getByText("Held for review").waitFor();
  for (const device of devices) await expectSound(device);

  const open = (await moderator.ask("GET", "/api/moderation/cases?kind=held&state=open")).body.items as CaseDto[];
  const [first, second] = open.filter(({ subject }) => subject?.id === fay.id).sort((a, b) => a.number - b.number);
  const decide = (one: CaseDto | undefined, outcome: string) =>
    moderator.ask("POST", `/api/moderation/cases/${one?.id}/resolve`, { version: one?.version, outcome });
  expect([(await decide(first, "approved")).status, (await decide(second, "refused")).status]).toEqual([200, 200]);
  for (const device of devices) {
    await row(device, texts[1] ?? "")
      .getByText("A moderator rejected this message")
      .waitFor();
    await expect.poll(() => device.page.locator(`[data-state="held"]`).count()).toBe(0);
    expect(await row(device, texts[0] ?? "").count()).toBe(1);
    await expectSound(device);
    await device.context.close();
  }
});

it("moderator sees that a colleague decided first, and can only reject a message that may no longer be sent", {
  timeout: 120_000,
}, async () => {
  const cleo = await newPerson(server, "Cleo Cedar");
  const dan = await newPerson(server, "Dan Dahlia");
  const taken = await caseOfHeld(await tellAll(cleo, "Does anybody here know a good place to learn to dance?"));
  await tellAll(dan, "Come to my party, everybody is there on Friday evening");
  const guest = await openConsole(browser, server, moderator);
  const { page } = guest;
  await expect.poll(() => rows(guest).count()).toBe(2);
  await openHeld(guest, { name: "Cleo Cedar", text: "learn to dance" });
  const { status: decided } = await moderator.ask("POST", `/api/moderation/cases/${taken.id}/resolve`, {
    version: taken.version,
    outcome: "refused",
  });
  expect(decided).toBe(200);
  await expect.poll(() => rows(guest).count()).toBe(1);
  await page.locator(".mod-claim-done", { hasText: "Rejected" }).waitFor();
  expect(await button(guest, "Approve").count()).toBe(0);

  await strangers.at(-1)?.ask("PUT", `/api/users/me/blocks/${dan.id}`);
  await openHeld(guest, { name: "Dan Dahlia", text: "Come to my party" });
  await button(guest, "Approve").click();
  await undoBar(guest).waitFor({ state: "detached", timeout: 20_000 });
  await page.getByRole("alert").getByText("This message can’t be approved").waitFor();
  expect(guest.troubles.splice(0)).toEqual([expect.stringMatching(/status of 403 .*\/resolve$/)]);
  await expect.poll(() => rows(guest).count()).toBe(1);
  await expectSound(guest);
  await page.getByRole("link", { name: "Open the case" }).click();
  await button(guest, "Reject").click();
  await page.getByText("No cases to review").waitFor();
  await guest.context.close();
});
