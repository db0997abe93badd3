import { beforeAll, expect, it } from "vitest";
import { makeAdmin } from "../../../services/roles/make-admin.ts";
import { createRest } from "../../support/client.ts";
import { textFor } from "../../support/factories.ts";
import { expectNoPage, type Member, newPerson, onDatabase, seat } from "../members.ts";
import { ROOM, roomIdOf } from "../room-record.ts";
import { serverForFile } from "../server-for-file.ts";
import { expectSound } from "../soundness.ts";

let admin: Member;

const { server, browser } = await serverForFile();

beforeAll(async () => {
  admin = await newPerson(server, "Ada");
  // Equivalent to `npm run admin`.
  await onDatabase(server, async (db) => expect(await makeAdmin(db, admin.username)).toBe("made"));
});

const write = async (token: string, text: string): Promise<number> => {
  const rest = Object.assign(createRest(server.url), { token });
  const roomId = await roomIdOf(server.url, ROOM);
  return (await rest.post(`/api/chatroom/rooms/${roomId}/messages`, textFor(roomId, { text }))).status;
};

it("admin creates a bot, copies its token, rotates the token, and deletes the bot", async () => {
  const guest = await seat(browser, server, admin, { size: "phone", colorScheme: "dark" });
  const { page } = guest;
  const button = (name: string | RegExp) => page.getByRole("button", { name });
  await guest.open("/settings");
  await page.getByRole("link", { name: "Bots" }).click();
  await page.getByText("No bots yet").waitFor();

  await button("New bot").click();
  await page.locator("#bot-username").fill("admin");
  await button("Create bot").click();
  await page.locator("#bot-username-error .form-error").waitFor();
  await page.locator("#bot-username").fill("weather-bot");
  await page.locator("#bot-name").fill("Weather");
  await page.getByText("90 days").click();
  await button("Create bot").click();
  const shown = page.locator(".secret code");
  const first = (await shown.textContent()) ?? "";
  expect(first).toMatch(/^crb_/);
  await page.getByText(/^Expires .* \d/).waitFor();
  expect(guest.troubles.splice(0)).toEqual([expect.stringMatching(/status of 409 .*api\/admin\/bots$/)]);
  await expectSound(guest);

  expect(await write(first, "Sunny until noon.")).toBe(201);
  await button("I’ve saved it").click();
  expect(await page.content()).not.toContain(first);

  await button("New token").click();
  await page.getByLabel("Token name").fill("the other machine");
  await button("Create token").click();
  await page.getByRole("heading", { name: "Token for Weather" }).waitFor();
  const second = (await shown.textContent()) ?? "";
  expect(second).not.toBe(first);
  await button("Revoke token weather-bot").click();
  await expect.poll(() => page.locator(".entry").count()).toBe(1);
  expect([await write(first, "Rain."), await write(second, "Rain in the evening.")]).toEqual([401, 201]);

  await button("Retire Weather").click();
  await page.getByText(/can’t be undone/).waitFor();
  await expectSound(guest);
  await button("Retire Weather").click();
  await page.getByText("No bots yet").waitFor();
  expect(await write(second, "Snow.")).toBe(401);

  await guest.open(ROOM);
  await guest.hears("Rain in the evening.");
  await page.locator(".message .mark").getByText("Bot").first().waitFor();
  await guest.context.close();
});

it("member does not see the bots page, and its address explains why it is not available", async () => {
  const guest = await seat(browser, server, await newPerson(server, "Ben"));
  await expectNoPage(guest, { name: "Bots", path: "/settings/bots" });
  await guest.context.close();
});
