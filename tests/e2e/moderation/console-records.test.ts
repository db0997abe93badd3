import { beforeAll, describe, expect, it } from "vitest";
import { writeRole } from "../../../services/roles/role-repository.ts";
import type { RuleDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import { type Member, newPerson, onDatabase, seat } from "../members.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { visit } from "../visitor.ts";
import { button, openConsole, reportMessage, writeIn } from "./console-steps.ts";
import { newModerator, take } from "./people-steps.ts";

let mo: Member;
let rea: Member;
let roomId: string;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  mo = await newModerator(server, "Mo Maple");
  rea = await newPerson(server, "Rea Reed");
  roomId = await roomIdOf(server.url, ROOM);
});

const rules = async () => (await mo.ask("GET", "/api/moderation/rules")).body.items as RuleDto[];

describe("rules", () => {
  it("are tried on recent messages, confirmed when too broad, switched, and deleted with an undo", { timeout: 120_000 }, async () => {
    const texts = ["cheap money one", "cheap money two", "good evening", "how are you", "see you tomorrow"];
    for (const text of texts) await writeIn(rea, roomId, text);
    const guest = await openConsole(browser, server, mo, { path: "/moderation/rules" });
    const { page } = guest;
    await page.getByText("No rules yet").waitFor();
    await expectSound(guest);
    await page.getByRole("link", { name: "New rule" }).click();
    await button(guest, "Test").click();
    await page.getByText("Enter what to look for.").waitFor();
    await page.getByLabel("Words or phrases, one per line").fill("cheap money");
    await button(guest, "Test").click();
    await page.getByText("Would have matched 2 of 5 messages").waitFor();
    await page.getByText("cheap money two").waitFor();
    await expectSound(guest);
    expect(await rules()).toEqual([]);

    await page.getByText("Reject the message", { exact: true }).click();
    await page.getByRole("switch", { name: "Enabled" }).click();
    await button(guest, "Save").click();
    await page.getByText("This rule would have rejected more than 20 %").waitFor();
    expect(guest.troubles.splice(0)).toEqual([expect.stringMatching(/status of 4\d\d .*\/rules$/)]);
    await expectSound(guest);
    await button(guest, "Enable it anyway").click();
    await page.locator(".mod-rule", { hasText: "cheap money" }).waitFor();
    expect(await rules()).toMatchObject([{ pattern: "cheap money", outcome: "block", isEnabled: true }]);
    await expectSound(guest);

    await page.getByRole("switch", { name: /Enable/ }).click();
    await expect.poll(async () => (await rules()).map(({ isEnabled }) => isEnabled)).toEqual([false]);
    await button(guest, /^Delete/).click();
    await page.locator(".undo-bar").getByText("Rule deleted.").waitFor();
    expect(await page.locator(".mod-rule").count()).toBe(0);
    await button(guest, "Undo").click();
    await page.locator(".mod-rule", { hasText: "cheap money" }).waitFor();
    expect(await rules()).toHaveLength(1);
    await button(guest, /^Delete/).click();
    await page.locator(".undo-bar").waitFor({ state: "detached", timeout: 20_000 });
    await expect.poll(async () => (await rules()).length).toBe(0);
    await guest.context.close();
  });
});

describe("raid mode", () => {
  it("is started for one room and ended, on a phone", { timeout: 60_000 }, async () => {
    const guest = await openConsole(browser, server, mo, { path: "/moderation/raid", size: "phone" });
    const { page } = guest;
    await page.getByText("Raid mode is off everywhere").waitFor();
    await page.getByLabel("Where").selectOption({ label: "English · Town Square" });
    await page.getByLabel("No new guests").uncheck();
    await button(guest, "Start raid mode").click();
    const active = page.locator(".mod-raid-on", { hasText: "English · Town Square" });
    await active.waitFor();
    expect(await active.textContent()).not.toContain("No new guests");
    await expectSound(guest);
    await active.getByRole("button", { name: /End now/ }).click();
    await active.waitFor({ state: "detached" });
    await page.locator(".mod-raid", { hasText: "English · Town Square" }).waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("figures", () => {
  it("are charts with a label, and tables with the same numbers", { timeout: 60_000 }, async () => {
    await reportMessage(rea, { id: await writeIn(await newPerson(server, "Fay"), roomId, "an offer by Fay") });
    const guest = await openConsole(browser, server, mo, { path: "/moderation/figures" });
    const { page } = guest;
    await page
      .getByRole("img", { name: /Reports, actions and appeals per day/ })
      .locator("canvas")
      .waitFor();
    await page.getByText("Numbers", { exact: true }).click();
    const today = page.getByRole("region", { name: "Per day: Numbers" }).locator("tbody tr").first();
    expect(await today.locator("td").first().textContent()).toBe("1");
    await expectSound(guest);
    await page.getByText("7 days", { exact: true }).click();
    await expect.poll(() => page.getByRole("region", { name: "Per day: Numbers" }).locator("tbody tr").count()).toBeLessThanOrEqual(8);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("logs", () => {
  it("the public one is readable without signing in and contains no names; the others are for staff", { timeout: 90_000 }, async () => {
    const pat = await newPerson(server, "Pat Private");
    await take(mo, { kind: "warn", userId: pat.id, rule: "harassment", text: "Only for Pat." });
    await take(mo, { kind: "mute", userId: pat.id, rule: "spam", durationMs: 600_000 });
    const visitor = await visit(browser, server.url, { size: "phone" });
    await visitor.open("/moderation/log");
    await visitor.page.locator(".mod-action", { hasText: "Mute" }).waitFor();
    const text = await visitor.page.locator("main").textContent();
    for (const secret of ["Pat Private", "Mo Maple", "Only for Pat."]) expect(text).not.toContain(secret);
    await expectSound(visitor);
    await visitor.open("/moderation");
    await visitor.page.locator(".notice").waitFor();
    await expectSound(visitor);
    await visitor.context.close();

    const member = await seat(browser, server, pat);
    await member.open("/settings");
    await member.page.locator(".settings-nav").waitFor();
    expect(await member.page.getByRole("link", { name: "Moderation" }).count()).toBe(0);
    await member.open("/moderation/rules");
    await member.page.getByText("Only moderators can open this page.").waitFor();
    await expectSound(member);
    await member.context.close();
  });

  it("the audit log is for admins, with the hashes of its chain", { timeout: 60_000 }, async () => {
    const moderator = await openConsole(browser, server, mo);
    expect(await moderator.page.getByRole("link", { name: "Audit log" }).count()).toBe(0);
    await moderator.context.close();
    const ada = await newPerson(server, "Ada Ash");
    await onDatabase(server, (db) =>
      db.$transaction(async (tx) => writeRole({ caller: {}, tx }, await tx.user.findUniqueOrThrow({ where: { id: ada.id } }), "admin")),
    );
    const guest = await openConsole(browser, server, ada, { path: "/moderation/audit" });
    const { page } = guest;
    const row = page.locator(".mod-audit-row", { hasText: "role_changed" }).first();
    await row.locator("summary").click();
    const hash = await row.locator("dd").last().textContent();
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    await expectSound(guest);
    await page.getByLabel("Action").fill("nothing_of_this_kind");
    await button(guest, "Filter").click();
    await page.getByText("No entries").waitFor();
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("console in other languages and themes", () => {
  it.each([
    { locale: "ar", size: "phone" as const, colorScheme: "light" as const },
    { locale: "de", size: "tablet" as const, colorScheme: "dark" as const },
    { locale: "ja", size: "phone" as const, colorScheme: "dark" as const },
  ])("has no axe violations and no overflow in $locale at $size size, $colorScheme", { timeout: 120_000 }, async (options) => {
    const author = await newPerson(server, `Author ${options.locale}`);
    await reportMessage(rea, { id: await writeIn(author, roomId, `an offer for ${options.locale}`), text: "Please look at this." });
    const guest = await openConsole(browser, server, mo, options);
    const { page } = guest;
    await page.locator(".mod-row").first().waitFor();
    await expectSound(guest);
    await page.locator(".mod-row a").first().click();
    await page.locator(".mod-case-name").waitFor();
    await expectSound(guest);
    await page.locator(".mod-bar-button").nth(2).click();
    await page.locator(".mod-sheet").waitFor();
    await expectSound(guest);
    for (const section of ["appeals", "rules", "rules/new", "raid", "figures", "log"]) {
      await guest.open(`/moderation/${section}`);
      await page.locator("main.mod h2").first().waitFor();
      await expectSound(guest);
    }
    await guest.context.close();
  });

  it("has no axe violations in high contrast", { timeout: 60_000 }, async () => {
    const guest = await openConsole(browser, server, mo);
    await guest.page.evaluate(() => localStorage.setItem("settings", JSON.stringify({ theme: "contrast" })));
    for (const section of ["", "/rules/new", "/raid", "/figures"]) {
      await guest.open(`/moderation${section}`);
      await guest.page.locator("main.mod").waitFor();
      expect(await guest.page.locator("html").getAttribute("data-theme")).toBe("contrast");
      await expectSound(guest);
    }
    await guest.context.close();
  });
});
