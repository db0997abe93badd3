import type { ComponentChildren } from "preact";
import { Skeleton } from "../parts/skeleton.tsx";
import { TopBar } from "./top-bar.tsx";

/** A page outside the rooms: the head, and what it is about. */
export const Alone = ({ children }: { children: ComponentChildren }) => (
  <div class="page">
    <TopBar />
    <main id="content" class="page-body">
      {children}
    </main>
  </div>
);

/** The page of which nothing is known yet. */
export const AloneWaiting = () => (
  <Alone>
    <Skeleton lines={8} />
  </Alone>
);
