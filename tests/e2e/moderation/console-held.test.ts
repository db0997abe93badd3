import { beforeAll, expect, it } from "vitest";
import { writeRole } from "../../../services/roles/role-repository.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { textFor } from "../../support/factories.ts";
import { expectNoPage, type Member, newPerson, onDatabase, seat } from "../members.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";

let moderator: Member;
/** Members who accept messages from everyone and never reply. */
let strangers: Member[];

const { server, browser } = await serverForFile();

beforeAll(async () => {
  moderator = await newPerson(server, "Mo");
  // Equivalent to `PUT /api/admin/users/:userId/role`; its step-up is not under test here.
  await onDatabase(server, (db) =>
    db.$transaction(async (tx) =>
      writeRole({ caller: {}, tx }, await tx.user.findUniqueOrThrow({ where: { id: moderator.id } }), "moderator"),
    ),
  );
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

const button = ({ page }: Guest, name: string) => page.getByRole("button", { name, exact: true });
const entries = ({ page }: Guest) => page.locator(".entry");
const status = ({ page }: Guest, text: RegExp) => page.getByRole("status").getByText(text).waitFor();
const focused = ({ page }: Guest) => page.evaluate(() => document.activeElement?.textContent ?? "");

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

it("moderator approves one message waiting for review and rejects another, on a phone in dark mode", async () => {
  const ann = await newPerson(server, "Ann Agave");
  const ben = await newPerson(server, "Ben Birch");
  await tellAll(ann, "Hello, I am **new** here and looking for people to practise with");
  await tellAll(ben, "Buy my wonderful course, only today at half its price");
  const guest = await seat(browser, server, moderator, { size: "phone", colorScheme: "dark" });
  const { page } = guest;
  await guest.open("/settings");
  await page.getByRole("link", { name: "Review" }).click();
  await expect.poll(() => entries(guest).count()).toBe(2);
  await entries(guest).nth(0).getByText("Ann Agave").waitFor();
  await entries(guest).nth(0).locator("strong", { hasText: "new" }).waitFor();
  await entries(guest).nth(1).getByText("Buy my wonderful course, only today at half its price").waitFor();
  expect(await page.getByText("The same text was sent to several people who haven’t replied.").count()).toBe(2);
  await expectSound(guest);

  await button(guest, "Approve the message from Ann Agave").click();
  await status(guest, /You approved the message from .Ann Agave./);
  await expect.poll(() => entries(guest).count()).toBe(1);
  expect(await focused(guest)).toContain("Ben Birch");
  await expectSound(guest);

  await button(guest, "Reject the message from Ben Birch").focus();
  await page.keyboard.press("Enter");
  await status(guest, /You rejected the message from .Ben Birch./);
  await page.getByText("No messages to review").waitFor();
  expect(await focused(guest)).toBe("No messages to review");
  await expectSound(guest);
  await guest.context.close();
  await readsTheFirst(strangers.at(-1));
});

it("author sees the pending state on each device and after a reload, until the decision", async () => {
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

  const ids = (await moderator.ask("GET", "/api/moderation/held")).body.items as { id: string; text: string }[];
  const decide = (text: string | undefined, outcome: string) =>
    moderator.ask("POST", `/api/moderation/held/${ids.find((one) => one.text === text)?.id}/decide`, { outcome });
  await decide(texts[0], "approve");
  await decide(texts[1], "refuse");
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

it("moderator sees that a colleague decided first, and can only reject a message that may no longer be sent", async () => {
  const cleo = await newPerson(server, "Cleo Cedar");
  const dan = await newPerson(server, "Dan Dahlia");
  const taken = await tellAll(cleo, "Does anybody here know a good place to learn to dance?");
  await tellAll(dan, "Come to my party, everybody is there on Friday evening");
  const guest = await seat(browser, server, moderator);
  await guest.open("/settings/review");
  await expect.poll(() => entries(guest).count()).toBe(2);

  const { status: decided } = await moderator.ask("POST", `/api/moderation/held/${taken}/decide`, { outcome: "refuse" });
  expect(decided).toBe(200);
  await button(guest, "Approve the message from Cleo Cedar").click();
  await status(guest, /Another moderator has already reviewed this message/);
  await expect.poll(() => entries(guest).count()).toBe(1);
  expect(guest.troubles.splice(0)).toEqual([expect.stringMatching(/status of 404 .*\/decide$/)]);

  await strangers.at(-1)?.ask("PUT", `/api/users/me/blocks/${dan.id}`);
  await button(guest, "Approve the message from Dan Dahlia").click();
  await guest.page.getByRole("alert").getByText("This message can’t be approved").waitFor();
  expect(guest.troubles.splice(0)).toEqual([expect.stringMatching(/status of 403 .*\/decide$/)]);
  await expectSound(guest);
  await button(guest, "Reject the message from Dan Dahlia").click();
  await guest.page.getByText("No messages to review").waitFor();
  await expectSound(guest);
  await guest.context.close();
});

it("member does not see the review page, and its address explains why it is not available", async () => {
  const guest = await seat(browser, server, await newPerson(server, "Eve"));
  await expectNoPage(guest, { name: "Review", path: "/settings/review" });
  await guest.context.close();
});
