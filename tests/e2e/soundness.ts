import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import type { Guest } from "./visitor.ts";

/** What axe finds on a page. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")} ${node.failureSummary ?? ""}`));
};

/** Anything that sticks out of the window sideways makes the page scroll there. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** No fault that axe finds, nothing that sticks out, nothing in the console, no request to another site. */
export async function expectSound(guest: Guest): Promise<void> {
  // Faded-in parts are judged when they stand; what goes away meanwhile is not waited for.
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
