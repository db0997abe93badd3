import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";

let ada: Member;
let bo: Member;
let cleo: Member;
/** Cleo uses a phone and a wide screen, and must accept before she is added to a group. */
let phone: Guest;
let wide: Guest;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  [ada, bo, cleo] = await Promise.all([newPerson(server, "Ada Alder"), newPerson(server, "Bo Birch"), newPerson(server, "Cleo Cedar")]);
  for (const one of [ada, bo]) await one.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  await cleo.patch("/api/users/me", { privacy: { whoMayWrite: "contacts" } });
  [phone, wide] = await Promise.all([seat(browser, server, cleo, { size: "phone", colorScheme: "dark" }), seat(browser, server, cleo)]);
});

const begin = async (founder: Member, name: string, others: readonly Member[]): Promise<string> =>
  ((await founder.ask("POST", "/api/conversations", { userIds: others.map(({ id }) => id), name })).body as { id: string }).id;
const say = (who: Member, roomId: string, text: string) =>
  who.ask("POST", `/api/chatroom/rooms/${roomId}/messages`, { text, clientMessageId: crypto.randomUUID() });
const button = ({ page }: Guest, name: string | RegExp) => page.getByRole("button", { name });
const links = ({ page }: Guest, name: string) => page.locator("main [data-conversation]", { hasText: name });

/** Opens an invitation from the list. */
async function openInvitation(guest: Guest, name: string): Promise<void> {
  await guest.open("/m");
  await guest.page
    .locator("main")
    .getByText(/^(?:Requests \(|Message requests)/)
    .click();
  await links(guest, name).click();
  await guest.page.getByText(/invited you to/).waitFor();
}

describe("invitation to a group", () => {
  it("shows the inviter, the group and its members on a phone, but no messages until it is accepted", async () => {
    const roomId = await begin(ada, "Trees", [bo, cleo]);
    expect((await say(ada, roomId, "Only for the trees")).status).toBe(201);
    await openInvitation(phone, "Trees");
    await phone.page.locator(".invitation-people .person").nth(2).waitFor();
    expect(await phone.page.locator("main").textContent()).toMatch(/Ada Alder.+invited you to.+Trees/);
    expect(await phone.page.getByText("Only for the trees").count()).toBe(0);
    await expectSound(phone);
    await button(phone, "Accept").click();
    await phone.hears("Only for the trees");
    await phone.say("Hello, trees");
  });

  it("can be declined on a wide screen, and disappears from every device", async () => {
    const roomId = await begin(bo, "Birches", [ada, cleo]);
    await openInvitation(wide, "Birches");
    await expectSound(wide);
    await button(wide, "Decline").click();
    await wide.page.waitForURL("**/m");
    await expect.poll(() => links(wide, "Birches").count()).toBe(0);
    await wide.page.locator(".undo-bar", { hasText: "You declined the request" }).waitFor();
    // Leaving the page makes the decline final.
    await wide.open("/");
    await expect.poll(async () => (await bo.ask("POST", `/api/conversations/${roomId}/members`, { userIds: [cleo.id] })).status).toBe(403);
    await phone.open("/m");
    await links(phone, "Trees").waitFor();
    expect(await phone.page.getByText(/^Requests \(/).count()).toBe(0);
    const { status, body } = await bo.ask("POST", `/api/conversations/${roomId}/members`, { userIds: [cleo.id] });
    expect([status, (body as { code: string }).code]).toEqual([403, "cannot_message"]);
  });

  it("can be declined by blocking the inviter on a phone, which declines all of their invitations", async () => {
    // A user who declined once can be invited again by another member.
    const dan = await newPerson(server, "Dan Dogwood");
    await begin(dan, "Hedges", [bo, cleo]);
    await begin(dan, "Lawns", [bo, cleo]);
    await openInvitation(phone, "Hedges");
    await expectSound(phone);
    await button(phone, "Block Dan Dogwood").click();
    await phone.page.waitForURL("**/m");
    await expect.poll(() => phone.page.getByText(/^Requests \(/).count()).toBe(0);
    const { status } = await dan.ask("POST", "/api/conversations", { userId: cleo.id });
    expect(status).toBe(403);
    const { body } = await cleo.ask("GET", "/api/users/me/blocks");
    expect((body as { items: { user: { id: string } }[] }).items.map(({ user }) => user.id)).toEqual([dan.id]);
  });
});
