const steps: Record<string, number> = { ArrowUp: -1, ArrowDown: 1 };

/** Arrow keys walk from message to message; Home and End go to the first and last that are there. */
export function walk(event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.currentTarget instanceof HTMLElement)) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>(".message")];
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const target = targetOf(event.key, { rows, at });
  if (!target) return;
  event.preventDefault();
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

function targetOf(key: string, { rows, at }: { rows: HTMLElement[]; at: number }): HTMLElement | undefined {
  if (key === "Home") return rows[0];
  if (key === "End") return rows.at(-1);
  const step = steps[key];
  if (step === undefined) return undefined;
  return at < 0 ? rows.at(-1) : rows[Math.min(rows.length - 1, Math.max(0, at + step))];
}
