import { lazy } from "../../shared/ui/lazy.tsx";
import { StandaloneLoading } from "../../shared/ui/standalone-page.tsx";
import { Lobby } from "../lobby/lobby.tsx";
import { loungesFailure } from "../lobby/lounges.ts";
import { sessionPhase } from "../session/session.ts";

const HomeView = lazy(() => import("../unread/home.tsx").then((file) => file.HomeView), { words: ["inbox"] });

/** Renders the site's entry page: the home view for signed-in users, the lounges for visitors. */
export function HomeRoute() {
  if (sessionPhase.value === "unknown" && loungesFailure.value === null) return <StandaloneLoading />;
  return sessionPhase.value === "active" ? <HomeView /> : <Lobby />;
}
