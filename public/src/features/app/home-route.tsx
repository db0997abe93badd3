import { lazy } from "../../shared/ui/lazy.tsx";
import { StandaloneLoading } from "../../shared/ui/standalone-page.tsx";
import { Lobby } from "../lobby/lobby.tsx";
import { loungesFailure } from "../lobby/lounges.ts";
import { ban } from "../session/me.ts";
import { sessionPhase } from "../session/session.ts";

const HomeView = lazy(() => import("../unread/home.tsx").then((file) => file.HomeView), { words: ["inbox"] });

/** The entrance: for those who have a name here what is new, for everybody else the lounges. */
export function HomeRoute() {
  if (sessionPhase.value === "unknown" && loungesFailure.value === null) return <StandaloneLoading />;
  return sessionPhase.value === "active" && ban.value === null ? <HomeView /> : <Lobby />;
}
