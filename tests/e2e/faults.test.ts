import { describe, expect, it } from "vitest";
import { recordOf, roomIdOf } from "./room-record.ts";
import { serverForFile } from "./server-for-file.ts";
import { visit } from "./visitor.ts";

const { server, browser } = await serverForFile();

describe("server that is killed and restarted", () => {
  it("leaves both message lists equal to the database, each message once and in order", async () => {
    const room = "/l/town-square/en";
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    await ann.join(room, "Ann of Faults");
    await ben.join(room, "Ben of Faults");
    for (let at = 1; at <= 6; at += 1) {
      await ann.say(`ann ${at}`);
      await ben.say(`ben ${at}`);
      if (at === 2) await server.kill();
      if (at === 4) {
        await ann.page.getByText(/Reconnecting…/).waitFor();
        expect(await ann.page.locator(".message-pending").count()).toBeGreaterThan(0);
        await server.restart();
      }
    }
    const all = [1, 2, 3, 4, 5, 6].flatMap((at) => [`ann ${at}`, `ben ${at}`]);
    for (const guest of [ann, ben]) for (const text of all) await guest.hears(text);

    const record = (await recordOf(server.url, await roomIdOf(server.url, room))).map((one) => one.text);
    expect([...record].sort()).toEqual([...all].sort());
    expect(record.filter((text) => text.startsWith("ann"))).toEqual(all.filter((text) => text.startsWith("ann")));
    expect(record.filter((text) => text.startsWith("ben"))).toEqual(all.filter((text) => text.startsWith("ben")));
    expect(await ann.texts()).toEqual(record);
    expect(await ben.texts()).toEqual(record);
    expect([...ann.troubles, ...ben.troubles]).toEqual([]);
    await Promise.all([ann.context.close(), ben.context.close()]);
  });

  it("receives messages queued during the outage exactly once, even if the page was reloaded", async () => {
    const room = "/l/music/en";
    const ann = await visit(browser, server.url);
    await ann.join(room, "Ann of Music");
    await ann.say("before");
    await ann.hears("before");
    // The page itself must load while the server is down, as it would from a browser cache.
    const kept = new Map<string, { body: Buffer; headers: Record<string, string> }>();
    for (const path of await ann.page.evaluate(() => [
      location.pathname,
      ...performance.getEntriesByType("resource").map((one) => new URL(one.name).pathname),
    ])) {
      const answer = await ann.context.request.get(`${server.url}${path}`);
      if (!path.startsWith("/api")) kept.set(path, { body: await answer.body(), headers: answer.headers() });
    }
    await server.kill();
    await ann.say("first while away");
    await ann.say("second while away");
    await ann.page.locator(".message-pending").nth(1).waitFor();
    await ann.context.route(
      (url) => kept.has(url.pathname),
      (route) => route.fulfill(kept.get(new URL(route.request().url()).pathname) ?? { status: 404 }),
    );
    await ann.page.reload();
    await ann.page.getByText("Couldn’t load the lounges.").waitFor();
    await server.restart();
    await ann.hears("second while away");

    const record = (await recordOf(server.url, await roomIdOf(server.url, room))).map((one) => one.text);
    expect(record).toEqual(["before", "first while away", "second while away"]);
    expect(await ann.texts()).toEqual(record);
    expect(await ann.page.locator(".message-author").allTextContents()).toEqual(["Ann of Music"]);
    await ann.context.close();
  });

  it("lets users discard queued messages", async () => {
    const room = "/l/games/en";
    const ann = await visit(browser, server.url);
    await ann.join(room, "Ann of Games");
    await server.kill();
    await ann.say("better not");
    await ann.say("but this");
    await ann.page.locator(".message-pending", { hasText: "better not" }).getByRole("button", { name: "Don’t send" }).click();
    await server.restart();
    await ann.hears("but this");
    expect((await recordOf(server.url, await roomIdOf(server.url, room))).map((one) => one.text)).toEqual(["but this"]);
    expect(await ann.texts()).toEqual(["but this"]);
    await ann.context.close();
  });
});

describe("lost network connection", () => {
  it("is shown, and missed messages arrive after the reconnect", async () => {
    const room = "/l/language-exchange/en";
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    await ann.join(room, "Ann of Nets");
    await ben.join(room, "Ben of Nets");
    await ann.context.setOffline(true);
    await ann.page.getByText("You’re offline").waitFor();
    await ben.say("did you see that");
    await ben.hears("did you see that");
    await ann.say("from the tunnel");
    await ann.context.setOffline(false);
    await ann.hears("did you see that");
    await ann.hears("from the tunnel");
    await ben.hears("from the tunnel");
    expect(await ann.texts()).toEqual(["did you see that", "from the tunnel"]);
    await Promise.all([ann.context.close(), ben.context.close()]);
  });
});
