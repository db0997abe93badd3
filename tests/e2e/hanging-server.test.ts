import type { Page } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { recordOf, roomIdOf } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { type Guest, visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

afterEach(() => server.resume());

/** Joins a room as a guest and pauses the page's clock, so that the test controls how much time passes. */
async function guestWithClock(room: string, name: string): Promise<Guest> {
  const guest = await visit(browser, server.url);
  await guest.page.clock.install();
  await guest.join(room, name);
  for (const text of ["one", "two", "three"]) {
    await guest.say(text);
    await guest.hears(text);
  }
  await guest.page.clock.pauseAt(await guest.page.evaluate(() => Date.now() + 1_000));
  return guest;
}

const dotColour = (page: Page): Promise<string> =>
  page.locator(".room-online .online-dot").evaluate((dot) => getComputedStyle(dot).backgroundColor);

describe("server that hangs without closing its sockets", () => {
  it("is shown within 3 s of an unacknowledged message; the message is sent exactly once after the server resumes", async () => {
    const room = "/l/town-square/en";
    const ann = await guestWithClock(room, "Ann of Hangs");
    const online = await dotColour(ann.page);
    server.freeze();
    await ann.say("while it hangs");
    await ann.page.clock.runFor(3_000);
    const line = ann.page.locator(".line");
    await line.getByText("Reconnecting… Your message will be sent when the connection is back.").waitFor();
    await ann.page.locator(".message-pending", { hasText: "while it hangs" }).getByText("Waiting for connection").waitFor();
    expect(await dotColour(ann.page)).not.toBe(online);
    await ann.say("and another");
    await line.getByText("Reconnecting… Your 2 messages will be sent when the connection is back.").waitFor();
    server.resume();
    await ann.page.clock.resume();
    for (const text of ["while it hangs", "and another"]) await ann.hears(text);
    await ann.page.locator('.line[data-line="online"]').waitFor({ state: "attached" });
    const record = (await recordOf(server.url, await roomIdOf(server.url, room))).map(({ text }) => text);
    expect(record).toEqual(["one", "two", "three", "while it hangs", "and another"]);
    expect(await ann.texts()).toEqual(record);
    await ann.context.close();
  });

  it("is shown within 3 s after the page becomes visible again, even if nothing was sent", async () => {
    const ann = await guestWithClock("/l/music/en", "Ann of Tabs");
    server.freeze();
    await ann.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await ann.page.clock.runFor(3_000);
    await ann.page.getByText("Reconnecting…").waitFor();
    await ann.context.close();
  });
});

describe("slow but working connection", () => {
  it("is never shown as broken while every acknowledgement takes 2.5 s", async () => {
    const ann = await visit(browser, server.url);
    await ann.page.routeWebSocket(/socket\.io/, (page) => {
      const far = page.connectToServer();
      page.onMessage((frame) => void setTimeout(() => far.send(frame), 1_250));
      far.onMessage((frame) => void setTimeout(() => page.send(frame), 1_250));
    });
    await ann.page.addInitScript(() => {
      const seen: (string | undefined)[] = [];
      Object.assign(window, { linesSeen: seen });
      new MutationObserver(() => seen.push(document.documentElement.dataset.line)).observe(document, {
        attributes: true,
        subtree: true,
        attributeFilter: ["data-line"],
      });
    });
    await ann.join("/l/games/en", "Ann of Valleys");
    for (const text of ["one", "two", "three"]) {
      await ann.say(text);
      await ann.hears(text);
    }
    const seen = await ann.page.evaluate(() => (window as unknown as { linesSeen: string[] }).linesSeen);
    expect(seen).toContain("online");
    expect(seen).not.toContain("reconnecting");
    await ann.context.close();
  });
});
