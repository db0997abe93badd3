import { describe, expect, it } from "vitest";
import { ROOM, recordOf, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { visit } from "../visitor.ts";

const { server, browser } = await serverForFile();

describe("two guests in a language room", () => {
  it("chat in real time, and keep their identity after a reload", async () => {
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url, { size: "phone" });
    await ann.join(ROOM, "Ann of Town");
    await ben.join(ROOM, "Ben of Town");
    await ann.say("Is anybody here?");
    await ben.hears("Is anybody here?");
    await ben.say("I am. Good evening.");
    await ann.hears("I am. Good evening.");

    await ann.page.reload();
    await ann.hears("I am. Good evening.");
    await ann.say("Still me.");
    await ben.hears("Still me.");
    const authors = await ben.page.locator(".message-author").allTextContents();
    expect(new Set(authors)).toEqual(new Set(["Ann of Town", "Ben of Town"]));
    expect(await ann.texts()).toEqual(["Is anybody here?", "I am. Good evening.", "Still me."]);
    expect(await ben.texts()).toEqual(await ann.texts());
    expect((await recordOf(server.url, await roomIdOf(server.url, ROOM))).map((one) => one.text)).toEqual(await ann.texts());
    expect([...ann.troubles, ...ben.troubles]).toEqual([]);
    await Promise.all([ann.context.close(), ben.context.close()]);
  });

  it("see each other join, type and leave", async () => {
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    await ann.join("/l/music/en", "Carla");
    await ben.join("/l/music/en", "Dario");
    await ann.page.locator(".side .person-name").getByText("Dario", { exact: true }).waitFor();
    await ben.page.locator(".composer-field").pressSequentially("Hel");
    await ann.page.getByText("Dario is typing…").waitFor();
    await ben.context.close();
    await ann.page.locator(".side .person-name").getByText("Dario", { exact: true }).waitFor({ state: "detached" });
    await ann.context.close();
  });

  it("cannot execute code in the page by a message", async () => {
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    const text = `<img src=x onerror="document.title='owned'"> [x](javascript:alert(1)) <b>`;
    await ann.join("/l/games/en", "Eve of Games");
    await ben.join("/l/games/en", "Fay of Games");
    await ann.say(text);
    await ben.hears(text);
    expect(await ben.page.locator(".message-text :is(a, img, b)").count()).toBe(0);
    expect(await ben.page.title()).not.toContain("owned");
    await Promise.all([ann.context.close(), ben.context.close()]);
  });
});

describe("joining as a guest", () => {
  it("suggests three other names if a name is taken, and accepts a suggestion", async () => {
    const ann = await visit(browser, server.url);
    const ben = await visit(browser, server.url);
    await ann.open(ROOM);
    await ann.page.locator("#guest-name").fill("admin");
    await ann.page.locator(".join-button").click();
    const suggestions = ann.page.locator(".join-suggestions .chip");
    await suggestions.first().waitFor();
    expect(await suggestions.count()).toBe(3);
    const taken = await suggestions.nth(1).textContent();
    await suggestions.nth(1).click();
    await ann.page.locator(".composer-field").waitFor();
    expect(await ann.page.locator(".sidebar-me bdi").textContent()).toBe(taken);
    await Promise.all([ann.context.close(), ben.context.close()]);
  });

  it("stores nothing about an anonymous visitor, and signs a guest out on request", async () => {
    const ann = await visit(browser, server.url);
    await ann.open("/");
    await ann.page.locator(".lounge").first().waitFor();
    expect((await ann.context.cookies()).map((one) => one.name)).not.toContain("refresh_token");
    await ann.join(ROOM, "Gil of Town");
    await ann.page.locator(".sidebar-me").click();
    await ann.page.getByRole("button", { name: "Sign out" }).click();
    await ann.page.locator("#guest-name").waitFor();
    await ann.page.reload();
    await ann.page.locator("#guest-name").waitFor();
    expect(ann.troubles).toEqual([]);
    await ann.context.close();
  });
});

describe("page", () => {
  it("has a content security policy that allows no external or inline code", async () => {
    const answer = await fetch(`${server.url}/l/town-square/en`);
    const policy = answer.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(await answer.text()).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
  });
});
