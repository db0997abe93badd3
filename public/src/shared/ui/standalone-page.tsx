import type { ComponentChildren } from "preact";
import { TopBar } from "../../features/app/top-bar.tsx";
import { Skeleton } from "./skeleton.tsx";

/** A page outside the rooms: the head, and what it is about. */
export const StandalonePage = ({ children }: { children: ComponentChildren }) => (
  <div class="page">
    <TopBar />
    <main id="content" class="page-body">
      {children}
    </main>
  </div>
);

/** The page of which nothing is known yet. */
export const StandaloneLoading = () => (
  <StandalonePage>
    <Skeleton lines={8} />
  </StandalonePage>
);
