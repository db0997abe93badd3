import { render } from "preact";
import "./styles/fonts.css";
import "./styles/main.css";
import { effect } from "@preact/signals";
import { speak } from "./locales/index.ts";
import { wearBadge } from "./state/badge.ts";
import { loadLounges, watchLounges } from "./state/lounges.ts";
import { watchMe } from "./state/me.ts";
import { followLinks, route } from "./state/route.ts";
import { restoreSession, sessionPhase } from "./state/session.ts";
import { wearTheme } from "./state/settings.ts";
import { fitViewport } from "./viewport.ts";
import { App } from "./views/app.tsx";
import { listenToKeys } from "./views/keyboard.ts";
import { loadRoomView } from "./views/room-route.tsx";

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
    // Whoever has a name is told what concerns them in every view.
    if (sessionPhase.value === "active") void import("./state/live.ts").then((file) => file.goLive());
  });
}

void start();
