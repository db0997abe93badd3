/**
 * The regions of the page that F6 cycles through, in document order, and the candidates for the focus in each: the first that exists gets
 * it.
 */
const REGIONS = [
  { at: ".sidebar", to: ["[aria-current=page]:not([tabindex='-1'])", "[tabindex='0']", "a[href], button"] },
  { at: ".log", to: [] },
  { at: ".composer", to: [".composer-field:not(:disabled)", "button:not(:disabled)"] },
  { at: ".side", to: ["input[type=search]", "button, a[href]"] },
] as const;

const isShown = (element: Element): boolean => element.getClientRects().length > 0;

type Region = { element: HTMLElement; target: HTMLElement };

/** Returns the regions that are on the page and have something to focus. */
function regionsHere(): Region[] {
  return REGIONS.flatMap(({ at, to }): Region[] => {
    const element = [...document.querySelectorAll<HTMLElement>(at)].find(isShown);
    if (!element) return [];
    if (to.length === 0) return [{ element, target: element }];
    const target = to.map((one) => [...element.querySelectorAll<HTMLElement>(one)].find(isShown)).find((one) => one !== undefined);
    return target ? [{ element, target }] : [];
  });
}

/** Returns the index of the focused region, or a value between two if the focus is in none, as in a room's header. */
function placeOfFocus(regions: readonly Region[]): number {
  const { activeElement } = document;
  const at = regions.findIndex(({ element }) => element.contains(activeElement));
  if (at >= 0 || activeElement === null) return at;
  const after = regions.findIndex(({ element }) => activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING);
  return (after < 0 ? regions.length : after) - 0.5;
}

/**
 * Moves the focus to the next region, or to the previous one, wrapping around.
 * @returns whether there was one; always false while a dialog or popover is open
 */
export function goToRegion(step: 1 | -1): boolean {
  if (document.querySelector("dialog[open], :popover-open")) return false;
  const regions = regionsHere();
  const at = placeOfFocus(regions);
  const next = step === 1 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
  const region = regions[(next + regions.length) % regions.length];
  region?.target.focus();
  return region !== undefined;
}
