import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";
import { visit } from "../visitor.ts";

const SPANISH = "/l/town-square/es";

const { server, browser } = await serverForFile();

const colourOf = (page: Page, selector: string): Promise<string> =>
  page
    .locator(selector)
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor);

describe("member list of a room", () => {
  it("lists online users, and separately those active recently", async () => {
    const [stays, leaves] = await Promise.all([visit(browser, server.url), visit(browser, server.url)]);
    await stays.join(SPANISH, "Stays here");
    await leaves.join(SPANISH, "Leaves soon");
    await leaves.say("Good night");
    await stays.hears("Good night");
    await leaves.context.close();
    const lately = stays.page.locator(".people section", { hasText: "Recently here" });
    await lately.getByText("Leaves soon").waitFor();
    await stays.page.getByText("No one else is here right now.", { exact: true }).waitFor();
    await expectSound(stays);
    await stays.context.close();
  });

  it("shows users as neither online nor away while the client is offline", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(SPANISH, "Loses the line");
    const online = await colourOf(guest.page, ".people .person-dot");
    await guest.context.setOffline(true);
    await guest.page.locator(`.line[data-line="offline"]`).waitFor({ state: "attached" });
    expect(await colourOf(guest.page, ".people .person-dot")).not.toBe(online);
    expect(await colourOf(guest.page, ".room-online .online-dot")).not.toBe(online);
    await guest.context.setOffline(false);
    await expect.poll(() => colourOf(guest.page, ".people .person-dot")).toBe(online);
    await guest.context.close();
  });
});

describe("connection banner", () => {
  it("does not shift the page when it appears and disappears", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(SPANISH, "Keeps the place");
    const top = async (): Promise<number | undefined> => (await guest.page.locator(".log").boundingBox())?.y;
    const before = await top();
    await guest.context.setOffline(true);
    await guest.page.locator(".line-words").waitFor();
    expect(await top()).toBe(before);
    await guest.context.close();
  });
});

/** Replaces the text of the unsent messages in the browser. @returns their number */
const rewriteUnsent = (page: Page, text: string): Promise<number> =>
  page.evaluate(
    (next) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("chatroom");
        opening.onerror = () => reject(opening.error ?? new Error("no database"));
        opening.onsuccess = () => {
          const rewriting = opening.result.transaction("outbox", "readwrite");
          let count = 0;
          rewriting.objectStore("outbox").openCursor().onsuccess = ({ target }) => {
            const cursor = (target as IDBRequest<IDBCursorWithValue | null>).result;
            if (cursor === null) return;
            count += 1;
            cursor.update({ ...(cursor.value as object), text: next });
            cursor.continue();
          };
          rewriting.oncomplete = () => resolve(count);
        };
      }),
    text,
  );

describe("link sent by a guest", () => {
  it("is rejected with a prompt to create an account, without a retry button", async () => {
    const guest = await visit(browser, server.url);
    await guest.join(SPANISH, "Links nowhere");
    // The composer removes links of guests. An unsent message may still contain one from before that check.
    await guest.context.setOffline(true);
    // Until the page has noticed, its open socket would still send the message.
    await guest.page.getByText("You’re offline").waitFor();
    await guest.say("Look at that");
    await guest.page.locator(".message-pending").waitFor();
    await expect.poll(() => rewriteUnsent(guest.page, "Look at https://example.org/")).toBe(1);
    // Closes the page before the connection returns, because it would send the message as it was written.
    await guest.page.goto("about:blank");
    await guest.context.setOffline(false);
    await guest.open(SPANISH);
    guest.troubles.length = 0;
    const failed = guest.page.locator(".message-failed");
    await failed.getByRole("link", { name: "Create an account" }).waitFor();
    expect(await failed.getByRole("button", { name: "Try again" }).count()).toBe(0);
    await expectSound(guest);
    await guest.context.close();
  });
});

describe("list of keyboard shortcuts", () => {
  it("can be scrolled to its end by keyboard, also in a low window", async () => {
    const guest = await visit(browser, server.url, { viewport: { width: 1440, height: 600 } });
    await guest.join(SPANISH, "Reads the keys");
    await guest.page.locator(".log").focus();
    await guest.page.keyboard.press("?");
    await guest.page.locator(".keys").focus();
    await guest.page.keyboard.press("End");
    const last = guest.page.locator(".keys > div").last();
    await expect.poll(async () => ((await last.boundingBox())?.y ?? Number.POSITIVE_INFINITY) < 600).toBe(true);
    await expectSound(guest);
    await guest.context.close();
  });
});
