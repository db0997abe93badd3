import { render } from "preact";
import "@fontsource-variable/figtree/wght.css";
import "./styles/main.css";
import { speak } from "./locales/index.ts";
import { loadLounges, watchLounges } from "./state/lounges.ts";
import { watchMe } from "./state/me.ts";
import { followLinks, route } from "./state/route.ts";
import { restoreSession, sessionPhase } from "./state/session.ts";
import { wearTheme } from "./state/settings.ts";
import { fitViewport } from "./viewport.ts";
import { App, loadRoomView } from "./views/app.tsx";
import { listenToKeys } from "./views/keyboard.ts";

async function start(): Promise<void> {
  wearTheme();
  fitViewport();
  followLinks();
  listenToKeys();
  watchMe();
  void restoreSession();
  void loadLounges();
  if (route.value.name === "room" && sessionPhase.value === "unknown") void loadRoomView();
  await speak();
  const root = document.getElementById("app");
  if (root) render(<App />, root);
  watchLounges();
}

void start();
