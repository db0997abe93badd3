import pg from "pg";
import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { LiveMessageDto } from "../../../utils/contract/schemas/messages.ts";
import { newId } from "../../../utils/ids.ts";
import { createRest, type Rest } from "../../support/client.ts";
import { hostileTexts } from "../../support/texts/hostile-texts.ts";
import { newPerson, seat } from "../members.ts";
import { recordOf, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { writer } from "../socket-writer.ts";
import { expectSound } from "../soundness.ts";
import { type Guest, visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

const row = ({ page }: Guest, text: string): Locator =>
  page.locator(".message:not(.message-pending)", { has: page.locator(".message-text", { hasText: text }) });

/** Hovers over a message and presses one of its buttons. */
async function press(guest: Guest, text: string, name: string): Promise<void> {
  await row(guest, text).hover();
  await row(guest, text).locator(".message-tools").getByRole("button", { name, exact: true }).click();
}

async function choose(guest: Guest, text: string, name: string): Promise<void> {
  await press(guest, text, "More");
  await guest.page.getByRole("menuitem", { name }).click();
}

/** Long-presses a message until its action sheet opens. */
async function hold({ page, context }: Guest, message: Locator): Promise<void> {
  const box = await message.locator(".message-text").boundingBox();
  const touch = await context.newCDPSession(page);
  const touchPoints = [{ x: (box?.x ?? 0) + 8, y: (box?.y ?? 0) + 8 }];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await page.locator(".panel-sheet").waitFor();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await touch.detach();
}

type Line = { seq: number; text: string; isEdited: boolean; replyTo: string | null; reactions: string[] };

/** Returns the messages shown by a page. */
const shown = ({ page }: Guest): Promise<Line[]> =>
  page.locator(".message[data-id]:not(.message-gone)").evaluateAll((rows) =>
    rows.map((one) => ({
      seq: Number((one as HTMLElement).dataset.seq),
      text: [...(one.querySelector(".message-text")?.childNodes ?? [])]
        .filter((node) => !(node instanceof Element && node.matches(".message-edited")))
        .map((node) => node.textContent)
        .join(""),
      isEdited: one.querySelector(".message-edited:not(.message-pinned)") !== null,
      replyTo: one.querySelector(".message-quote-text")?.textContent ?? null,
      reactions: [...one.querySelectorAll(".reaction:not(.reaction-add)")].map((chip) => chip.textContent ?? ""),
    })),
  );

/** Returns a message of the database in the same shape. */
const lineOf = (message: LiveMessageDto, names: Map<string, string>): Line => ({
  seq: message.seq,
  text: message.text.replace(/<@([0-9a-f-]{36})>/g, (_, id: string) => `@${names.get(id)}`),
  isEdited: message.editedAt !== null,
  replyTo: message.replyTo?.excerpt ?? null,
  reactions: message.reactions.map(({ emoji, count }) => `${emoji}${count}`),
});

async function expectEqualToRecord(guests: readonly Guest[], roomId: string): Promise<void> {
  const record = await recordOf(server.url, roomId);
  const names = new Map(record.map(({ author }) => [author.id, author.displayName]));
  const expected = record.map((one) => lineOf(one, names));
  for (const guest of guests) await expect.poll(() => shown(guest)).toEqual(expected);
}

describe("three users in one room, one on a phone", () => {
  it("reply, mention, react, edit and delete; after a reconnect all three match the database", async () => {
    const path = "/l/town-square/en";
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    const cy = await visit(browser, server.url, { size: "phone" });
    await ann.join(path, "Ann of Acts");
    await ben.join(path, "Ben of Acts");
    await cy.join(path, "Cy of Acts");
    await ann.say("shall we meet");
    await ann.hears("shall we meet");
    await ben.hears("shall we meet");

    await press(ben, "shall we meet", "Reply");
    await ben.page.keyboard.type("gladly, @an");
    await ben.page.locator(".completion-option", { hasText: "Ann of Acts" }).waitFor();
    await ben.page.keyboard.press("Enter");
    await ben.page.keyboard.press("Enter");
    await ann.page.locator(".message-for-me .named-me", { hasText: "Ann of Acts" }).waitFor();
    expect(await row(ann, "gladly").locator(".message-quote").textContent()).toContain("shall we meet");

    await row(cy, "gladly").waitFor();
    await hold(cy, row(cy, "shall we meet").first());
    await expectSound(cy);
    await cy.page.getByRole("button", { name: "👍" }).tap();
    const chip = row(ben, "shall we meet").first().getByRole("button", { name: "👍 1 reaction: Cy of Acts" });
    await chip.click();
    await row(ann, "shall we meet").first().locator(".reaction", { hasText: "2" }).waitFor();

    await cy.context.setOffline(true);
    await cy.page.getByText("You’re offline").waitFor();
    await ann.say("not so good");
    await ann.hears("not so good");
    await ann.page.keyboard.press("ArrowUp");
    await ann.page.getByText("Editing your message").waitFor();
    await ann.page.keyboard.type(", or better perhaps");
    await ann.page.keyboard.press("Enter");
    await row(ben, "not so good, or better perhaps").waitFor();
    await ben.say("second thoughts");
    await ben.say("a mistake");
    await ben.hears("a mistake");
    await choose(ben, "second thoughts", "Delete");
    await ben.page.getByRole("button", { name: "Undo" }).click();
    await ben.hears("second thoughts");
    await choose(ben, "a mistake", "Delete");
    await ben.page.getByRole("button", { name: "Undo" }).waitFor();
    expect(await row(ann, "a mistake").count()).toBe(1);
    // Leaving the room ends the ten-second undo period.
    await ben.page.locator(".sidebar-room", { hasText: "Deutsch" }).first().click();
    await ann.page.getByText("This message was deleted").waitFor();
    await ben.page.goBack();
    await cy.context.setOffline(false);
    await cy.hears("second thoughts");

    const roomId = await roomIdOf(server.url, path);
    await expectEqualToRecord([ann, ben, cy], roomId);
    await row(ann, "or better perhaps").getByRole("button", { name: "edited" }).click();
    await ann.page.locator(".version", { hasText: /not so good$/ }).waitFor();
    expect([...ann.troubles, ...ben.troubles, ...cy.troubles]).toEqual([]);
    for (const { context } of [ann, ben, cy]) await context.close();
  });
});

/** Creates an account without a page. */
async function member(name: string): Promise<Rest & { id: string }> {
  const rest = createRest(server.url);
  const { body } = await rest.prove<{ accessToken: string; user: { id: string } }>("/api/auth/signup", {
    username: `${name}-${process.pid}`,
    password: "a river under the bridge",
  });
  rest.token = body.accessToken;
  return Object.assign(rest, { id: body.user.id });
}

describe("link to a message, and a pinned message", () => {
  it("open the room at the message, however old, and scroll to the newest without a gap", async () => {
    const path = "/l/music/en";
    const roomId = await roomIdOf(server.url, path);
    const speaker = await writer(server.url, "Sol of Songs", roomId);
    await speaker.say("the first song");
    const [message] = await recordOf(server.url, roomId);
    await speaker.sayAll(Array.from({ length: 320 }, (_, at) => `song ${at + 2}`));
    speaker.leave();
    const sam = await newPerson(server, "Sam");
    const client = new pg.Client(await server.databaseUrl());
    await client.connect();
    await client.query("UPDATE users SET role = 'moderator' WHERE id = $1", [sam.id]);
    await client.end();

    const ann = await visit(browser, server.url);
    await ann.join(`${path}?m=${message?.id}`, "Ann of Songs");
    const first = row(ann, "the first song");
    await first.waitFor();
    await expect.poll(() => first.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(new URL(ann.page.url()).search).toBe("");
    const log = ann.page.locator(".log");
    // Simulate a user who scrolls to the end while later messages load.
    await ann.page.route(/messages\?after=/, async (route) => {
      await log.evaluate((frame) => frame.scrollTo(0, frame.scrollHeight));
      await route.continue();
    });
    await log.hover();
    const seqs = async () => (await shown(ann)).map(({ seq }) => seq);
    await expect
      .poll(
        async () => {
          await ann.page.mouse.wheel(0, 4_000);
          return (await shown(ann)).at(-1)?.text;
        },
        { timeout: 20_000 },
      )
      .toBe("song 321");
    const held = await seqs();
    expect(held).toEqual(Array.from({ length: held.length }, (_, at) => (held[0] ?? 0) + at));

    const staff = await seat(browser, server, sam);
    await staff.open(`${path}?m=${message?.id}`);
    await choose(staff, "the first song", "Pin");
    await row(staff, "the first song").locator(".message-pinned").waitFor();
    expect(staff.troubles).toEqual([]);
    await staff.context.close();
    await ann.page.getByRole("button", { name: "Pinned messages" }).click();
    await ann.page.locator(".pin", { hasText: "the first song" }).waitFor();
    await expectSound(ann);
    await ann.page.getByRole("button", { name: "Go to message" }).click();
    await first.locator(".message-pinned").waitFor();
    await ann.page.locator(".log-jump").click();
    await row(ann, "song 321").waitFor();
    expect(ann.troubles).toEqual([]);
    await ann.context.close();
  });
});

describe("keyboard-only user", () => {
  it("performs every message action, and completion lists are announced", async () => {
    const kim = await visit(browser, server.url);
    const { page } = kim;
    await kim.join("/l/games/en", "Kim of Acts");
    const focus = () => page.evaluate(() => document.activeElement?.className ?? "");
    await page.keyboard.type("a game :part");
    const field = page.locator(".composer-field");
    await expect.poll(() => field.getAttribute("aria-activedescendant")).not.toBeNull();
    await expectSound(kim);
    await page.keyboard.press("Tab");
    expect(await field.inputValue()).toMatch(/^a game \p{Extended_Pictographic} $/u);
    await page.keyboard.press("Enter");
    await row(kim, "a game").waitFor();

    await page.locator(".log").focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Reply" }).waitFor();
    // The emoji above the menu add reactions, so the menu has no separate entry for that.
    expect(await page.getByRole("menuitem", { name: "React" }).count()).toBe(0);
    await expectSound(kim);
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Edit");
    await page.keyboard.press("Escape");
    await expect.poll(focus).toContain("message");
    await page.keyboard.press("+");
    await page.getByRole("searchbox", { name: "Search emoji" }).waitFor();
    await expectSound(kim);
    await page.keyboard.type("fire");
    await page.keyboard.press("Enter");
    await page.locator(".reaction", { hasText: "🔥" }).waitFor();
    await page.keyboard.press("r");
    await page.getByText("Replying to Kim of Acts").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Replying to Kim of Acts").waitFor({ state: "detached" });
    await page.locator(".log").focus();
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("e");
    await page.getByText("Editing your message").waitFor();
    await page.keyboard.type("that is fun");
    await page.keyboard.press("Enter");
    await row(kim, "that is fun").waitFor();
    expect(kim.troubles).toEqual([]);
    await kim.context.close();
  });
});

describe("hostile texts in a room", () => {
  it("are rendered as text: nothing runs, nothing is fetched, and only whitelisted elements appear", async () => {
    const path = "/l/games/de";
    const roomId = await roomIdOf(server.url, path);
    const eve = await member("eve");
    for (const text of hostileTexts) {
      const { status } = await eve.post(`/api/chatroom/rooms/${roomId}/messages`, { roomId, clientMessageId: newId(), text });
      expect([text, status]).toEqual([text, 201]);
    }
    const ann = await visit(browser, server.url, { size: "phone", colorScheme: "dark" });
    await ann.page.addInitScript(() => {
      window.alert = () => {
        throw new Error("something ran");
      };
    });
    await ann.join(path, "Ann of Calm");
    await ann.hears(hostileTexts.at(-1)?.replace(/[*_`]/g, "") ?? "");
    const found = await ann.page.locator(".message-text").evaluateAll((texts) =>
      texts.flatMap((text) =>
        // The frame of a code block and the icon on its button belong to the page.
        [...text.querySelectorAll("*:not(.code-block, .code-tools, .code-tools *)")].map((one) => [
          one.tagName,
          one.getAttributeNames().filter((name) => name.startsWith("on") || name === "src" || name === "style"),
          one instanceof HTMLAnchorElement ? one.protocol : "",
        ]),
      ),
    );
    const allowed = new Set("A BDI BLOCKQUOTE BUTTON CODE EM LI OL P PRE S SMALL STRONG UL".split(" "));
    expect(
      found.filter(
        ([tag, names, protocol]) => !allowed.has(String(tag)) || (names as string[]).length > 0 || /script|data/.test(String(protocol)),
      ),
    ).toEqual([]);
    await expectSound(ann);
    await ann.context.close();
  });
});
