import type { ComponentChildren } from "preact";
import { TopBar } from "../../features/app/top-bar.tsx";
import { Skeleton } from "./skeleton.tsx";

/** Renders a page outside the rooms: header and content. */
export const StandalonePage = ({ children }: { children: ComponentChildren }) => (
  <div class="page">
    <TopBar />
    <main id="content" class="page-body">
      {children}
    </main>
  </div>
);

/** Renders a standalone page while its data is loading. */
export const StandaloneLoading = () => (
  <StandalonePage>
    <Skeleton lines={8} />
  </StandalonePage>
);
