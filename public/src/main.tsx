import { render } from "preact";
import "./styles/fonts.css";
import "./styles/main.css";
import { effect } from "@preact/signals";
import { App } from "./features/app/app.tsx";
import { loadRoomView } from "./features/app/room-route.tsx";
import { loadLounges, watchLounges } from "./features/lobby/lounges.ts";
import { wearBadge } from "./features/notifications/badge.ts";
import { watchMe } from "./features/session/me.ts";
import { restoreSession, sessionPhase } from "./features/session/session.ts";
import { speak } from "./locales/index.ts";
import { listenToKeys } from "./shared/keyboard/shortcuts.ts";
import { followLinks, route } from "./shared/state/route.ts";
import { wearTheme } from "./shared/state/settings.ts";
import { fitViewport } from "./viewport.ts";

async function start(): Promise<void> {
  wearTheme();
  fitViewport();
  followLinks();
  listenToKeys();
  watchMe();
  void restoreSession();
  const loading = loadLounges();
  if (route.value.name === "room" && sessionPhase.value === "unknown") void loadRoomView();
  await speak();
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  void loading.then(watchLounges);
  wearBadge();
  effect(() => {
    // Signed-in users receive their own events in every view.
    if (sessionPhase.value === "active") void import("./features/app/start-sync.ts").then((file) => file.startSync());
  });
}

void start();
