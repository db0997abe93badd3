import { lazy } from "../parts/lazy.tsx";
import { loungesFailure } from "../state/lounges.ts";
import { ban } from "../state/me.ts";
import { sessionPhase } from "../state/session.ts";
import { AloneWaiting } from "./alone.tsx";
import { Lobby } from "./lobby.tsx";

const HomeView = lazy(() => import("./home.tsx").then((file) => file.HomeView), { words: ["inbox"] });

/** The entrance: for those who have a name here what is new, for everybody else the lounges. */
export function HomeRoute() {
  if (sessionPhase.value === "unknown" && loungesFailure.value === null) return <AloneWaiting />;
  return sessionPhase.value === "active" && ban.value === null ? <HomeView /> : <Lobby />;
}
