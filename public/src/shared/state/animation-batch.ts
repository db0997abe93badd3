/** Collects items and passes them on once per painted frame; every 100 ms where nothing is painted. */
export function oncePerFrame<Item>(hand: (items: readonly Item[]) => void): { add: (item: Item) => void; stop: () => void } {
  let gathered: Item[] = [];
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stop = (): void => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = undefined;
  };
  const flush = (): void => {
    stop();
    const items = gathered;
    gathered = [];
    hand(items);
  };
  const add = (item: Item): void => {
    gathered.push(item);
    if (timer !== undefined) return;
    frame = requestAnimationFrame(flush);
    // A hidden tab paints nothing.
    timer = setTimeout(flush, 100);
  };
  return { add, stop };
}
