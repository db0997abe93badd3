import { openPlaces } from "../state/lounges.ts";
import { go, path, roomPath } from "../state/route.ts";
import { showing } from "../state/showing.ts";

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

function step(by: number): void {
  const paths = openPlaces.value.map(({ lounge, room }) => roomPath(lounge.slug, room.languageCode ?? ""));
  if (paths.length === 0) return;
  const at = paths.indexOf(path.value);
  const next = paths[at < 0 ? 0 : (at + by + paths.length) % paths.length];
  if (next) go(next);
}

/** The keys that work everywhere. None of them is the browser's own. */
export function listenToKeys(): void {
  window.addEventListener("keydown", (event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isCommand && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showing.value = showing.value === "switcher" ? null : "switcher";
    } else if (
      event.altKey &&
      !event.shiftKey &&
      !event.ctrlKey &&
      (event.key === "ArrowUp" || event.key === "ArrowDown") &&
      showing.value === null
    ) {
      event.preventDefault();
      step(event.key === "ArrowUp" ? -1 : 1);
    } else if (event.key === "?" && showing.value === null && !isWriting(event.target)) {
      event.preventDefault();
      showing.value = "keys";
    }
  });
}
