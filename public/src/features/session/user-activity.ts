import type { Connection } from "../../../../utils/client/connection/connection.ts";
import { watchSleep } from "../../../../utils/client/connection/heartbeat.ts";
import { limits } from "../../../../utils/contract/limits.ts";

let lastTouchAt = Date.now();

/** Returns the user's status, based on their last activity. */
export const presence = (): "online" | "away" => (Date.now() - lastTouchAt > limits.awayAfterMs ? "away" : "online");

/** Publishes the status as soon as the user returns to the page, and checks the connection if the page or the machine was suspended. */
export function watchPresence({ pulse }: Pick<Connection, "pulse">): void {
  const touched = (): void => {
    const wasAway = presence() === "away";
    lastTouchAt = Date.now();
    if (wasAway) void pulse.beat();
  };
  for (const name of ["pointerdown", "keydown", "scroll"]) window.addEventListener(name, touched, { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    touched();
    void pulse.probe();
  });
  watchSleep(() => void pulse.probe());
}
