import { beforeAll, describe, expect, it } from "vitest";
import { type Member, newPerson, seat } from "../members.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import type { Guest } from "../visitor.ts";

let people: [ada: Member, bo: Member, cleo: Member];
let hers: Guest;
/** Bo uses a phone with forced colors. */
let his: Guest;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  people = await Promise.all([newPerson(server, "Ada Alder"), newPerson(server, "Bo Birch"), newPerson(server, "Cleo Cedar")]);
  for (const one of people) await one.patch("/api/users/me", { privacy: { whoMayWrite: "everyone" } });
  [hers, his] = await Promise.all([
    seat(browser, server, people[0]),
    seat(browser, server, people[1], { size: "phone", forcedColors: "active", colorScheme: "dark" }),
  ]);
});

const button = ({ page }: Guest, name: string) => page.getByRole("button", { name, exact: true });

async function pick({ page }: Guest, name: string): Promise<void> {
  await page.getByRole("combobox").pressSequentially(name.slice(0, 6));
  await page.locator(".picker-option", { hasText: name }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".picker-one", { hasText: name }).waitFor();
}

describe("group", () => {
  it("is created in the page, exchanges messages, and is renamed, joined and left in its panel", async () => {
    await Promise.all([hers.open("/m"), his.open("/m")]);
    await button(hers, "New message").first().click();
    await pick(hers, "Bo Birch");
    await pick(hers, "Cleo Cedar");
    await hers.page.getByLabel("Group name").fill("Trees");
    await expectSound(hers);
    await button(hers, "Start a group").click();
    await hers.page.waitForURL("**/m/*");
    await hers.say("Shall we meet below the oak?");
    await his.page.locator("[data-conversation]", { hasText: "Trees" }).click();
    await his.hears("Shall we meet below the oak?");
    await his.say("Gladly");
    await hers.hears("Gladly");

    await button(his, "Details").click();
    await button(his, "Members").click();
    await his.page.locator(".group-panel .person").nth(2).waitFor();
    expect(await his.page.locator(".member-remove").count()).toBe(0);
    await expectSound(his);
    await his.page.keyboard.press("Escape");
    await button(hers, "Members").click();
    await hers.page.getByLabel("Group name").fill("Old trees");
    await button(hers, "Save").click();
    await his.page.locator(".room-title", { hasText: "Old trees" }).waitFor();
    await button(hers, "Remove Cleo Cedar").click();
    await expect.poll(() => hers.page.locator(".group-panel .person").count()).toBe(2);
    await button(hers, "Add people").click();
    await pick(hers, "Cleo Cedar");
    await button(hers, "Add").click();
    await expect.poll(() => hers.page.locator(".group-panel .person").count()).toBe(3);
    await expectSound(hers);

    await button(his, "Details").click();
    await button(his, "Members").click();
    await button(his, "Leave group").click();
    await his.page.waitForURL("**/m");
    await expect.poll(() => his.page.locator("[data-conversation]").count()).toBe(0);
    // The members are notified once the removal can no longer be undone.
    await his.page.locator(".undo-bar").waitFor();
    expect(await hers.page.locator(".group-panel .person").count()).toBe(3);
    await expect.poll(() => hers.page.locator(".group-panel .person").count(), { timeout: 30_000 }).toBe(2);
    await expect.poll(() => his.page.locator(".undo-bar").count()).toBe(0);
  });
});

describe("member of two conversations", () => {
  it("is notified of one and not of the muted one, and opens unread conversations by keyboard", async () => {
    const cleo = await seat(browser, server, people[2]);
    await cleo.open("/m");
    await cleo.page.locator("[data-conversation]", { hasText: "Old trees" }).first().click();
    await cleo.hears("Gladly");
    await button(cleo, "Notifications: All messages").click();
    await cleo.page.locator(".level-choice", { hasText: "Mute" }).click();
    await button(cleo, "Notifications: Mute").waitFor();
    await cleo.page.keyboard.press("Escape");
    await expect.poll(() => cleo.page.locator(".level-menu").count()).toBe(0);
    await expectSound(cleo);
    await cleo.open("/m");

    await hers.say("Nobody need hear this");
    await hers.page.keyboard.press("Control+k");
    await hers.page.keyboard.type("Cleo Ced");
    await hers.page.locator(".switcher-option", { hasText: "Cleo Cedar" }).first().click();
    await expect.poll(() => hers.page.locator(".room-title h1").textContent()).toBe("Cleo Cedar");
    await hers.say("You should hear this");
    await expect.poll(() => cleo.page.title()).toMatch(/^\(1\) /);
    await cleo.page.locator(".inbox").waitFor();
    await cleo.page.keyboard.press("Alt+Shift+ArrowDown");
    await cleo.hears("You should hear this");
    await expect.poll(() => cleo.page.title()).not.toMatch(/^\(/);
    await cleo.context.close();
  });
});
