import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Guest } from "./visitor.ts";

/** Returns the axe violations of a page. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
};

/** Returns the horizontal overflow of a page, in px. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Checks that there are no axe violations, no overflow, no console errors, and no requests to other sites. */
export async function expectSound(guest: Guest): Promise<void> {
  // Wait for fade-in animations; elements that disappear meanwhile are ignored.
  await guest.page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
        .map((one) => one.finished.catch(() => undefined)),
    ),
  );
  expect(await faultsOf(guest.page)).toEqual([]);
  expect(await overflow(guest.page)).toBeLessThanOrEqual(0);
  expect(guest.troubles).toEqual([]);
}
