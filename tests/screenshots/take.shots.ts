import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSound } from "../e2e/soundness.ts";
import { type Guest, visit } from "../e2e/visitor.ts";
import { launchBrowser } from "../support/browser.ts";
import { type RunningServer, startServer } from "../support/server.ts";
import { missingFonts } from "./fonts.ts";
import { conversationsOf, memberSeat, roomOf, seatFor, setScene } from "./scene.ts";
import { heights, nameOf, type Variant, wantedVariants } from "./variants.ts";

const folder = fileURLToPath(new URL("../../test-artifacts/screenshots/", import.meta.url));
const KEYBOARD_HEIGHT = 300;

let server: RunningServer;
let browser: Browser;
let taken = 0;

beforeAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  for (const missing of await missingFonts()) console.warn(`screenshots: ${missing}`);
  await setScene(server);
});

afterAll(async () => {
  await browser?.close();
  await server?.remove();
  console.log(`screenshots: ${taken} in ${folder}`);
});

/** The defects found, prefixed by the screenshot's name. The run continues after a defect so that every state is captured. */
type Faults = string[];

/** Takes a screenshot and checks that nothing overflows, that axe finds no violations, and that the console is empty. */
async function shoot(guest: Guest, name: string, faults: Faults): Promise<void> {
  await guest.page.evaluate(() => document.fonts.ready);
  await guest.page.screenshot({ path: join(folder, `${name}.png`), timeout: 60_000 });
  taken += 1;
  await expectSound(guest).catch((error: unknown) => faults.push(`${name}: ${String(error).slice(0, 600)}`));
  guest.troubles.length = 0;
}

const isNarrow = ({ width }: Variant): boolean => width < 720;

async function asVisitor(variant: Variant, faults: Faults): Promise<void> {
  const named = (state: string): string => `${state}-${nameOf(variant)}`;
  const guest = await seatFor((options) => visit(browser, server.url, options), variant, heights[variant.width]);
  const { page } = guest;
  await guest.open("/");
  await page.locator(".lounge-line time").first().waitFor();
  await shoot(guest, named("01-lobby"), faults);
  await guest.open("/signup");
  await page.locator("#username").waitFor();
  await shoot(guest, named("02-sign-up"), faults);
  await guest.open(roomOf(variant.locale));
  await page.locator(".now-line").first().waitFor();
  await shoot(guest, named("03-join"), faults);
  await guest.join(roomOf(variant.locale), `Heron ${nameOf(variant)}`);
  await page.locator(".greeting-wave").waitFor();
  await page.locator(".log .message").first().waitFor();
  await shoot(guest, named("04-room-greeting"), faults);
  await guest.page.locator(".composer-field").fill("a\nb\nc");
  await page.setViewportSize({ width: variant.width, height: isNarrow(variant) ? KEYBOARD_HEIGHT : heights[variant.width] });
  await shoot(guest, named("05-composer-keyboard"), faults);
  await page.setViewportSize({ width: variant.width, height: heights[variant.width] });
  await guest.page.locator(".composer-field").fill("");
  await guest.context.close();
}

async function asMember(variant: Variant, faults: Faults): Promise<void> {
  const named = (state: string): string => `${state}-${nameOf(variant)}`;
  const { me, conversation, request } = await conversationsOf(server, { locale: variant.locale, name: `Ida ${nameOf(variant)}` });
  const guest = await seatFor(memberSeat(browser, server, me), variant, heights[variant.width]);
  const { page } = guest;
  await guest.open(roomOf(variant.locale));
  await page.locator(".message-text").first().waitFor();
  await shoot(guest, named("06-room"), faults);
  if (isNarrow(variant)) {
    await page.locator(".room-title-button").click();
    await page.locator(".head-menu").waitFor();
  }
  // On a wide screen the member list is open from the start.
  if (variant.width < 1_100) await page.locator('[data-action="people"]').click();
  await page.locator(".people").waitFor();
  await shoot(guest, named("07-people"), faults);
  await guest.open(roomOf(variant.locale));
  await page.locator(".message-text").first().waitFor();
  await page.locator(".message-text").first().click();
  await page.keyboard.press("Control+k");
  await page.locator(".switcher-option").first().waitFor();
  await shoot(guest, named("08-switcher"), faults);
  await guest.open(conversation);
  await page.locator(".message-text").first().waitFor();
  await shoot(guest, named("09-conversation"), faults);
  await guest.open(request);
  await page.locator(".message-text").first().waitFor();
  await shoot(guest, named("10-request"), faults);
  await guest.open("/settings/privacy");
  await page.locator(".settings-nav, .settings h1, .settings h2").first().waitFor();
  await shoot(guest, named("11-settings"), faults);
  await guest.context.close();
}

describe.each(wantedVariants().map((variant) => [nameOf(variant), variant] as const))("screenshots at %s", (_name, variant) => {
  it("show no defects for a visitor", async () => {
    const faults: Faults = [];
    await asVisitor(variant, faults);
    expect(faults).toEqual([]);
  });

  it("show no defects for a member", async () => {
    const faults: Faults = [];
    await asMember(variant, faults);
    expect(faults).toEqual([]);
  });
});

it("screenshots: a full run takes at least 30", () => {
  if (!process.env.SCREENSHOTS) expect(taken).toBeGreaterThanOrEqual(30);
});
