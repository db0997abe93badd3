import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { frames } from "../../shared/state/dialogs.ts";
import { isMiddle, isWide } from "../../shared/state/settings.ts";
import { SidePanel } from "./side-panel.tsx";
import { Sidebar } from "./sidebar.tsx";

/** Renders the columns of the page: sidebar, main view and side panel. In a room they use its lounge's color. */
export function Layout({ hue, children }: { hue?: string; children: ComponentChildren }) {
  useLayoutEffect(() => {
    frames.value += 1;
    return () => {
      frames.value -= 1;
    };
  }, []);
  return (
    <div class={hue ? "frame lounge-hued" : "frame"} {...(hue ? { style: { "--lounge": hue } } : {})}>
      {isMiddle.value && <Sidebar />}
      {children}
      {isWide.value && <SidePanel />}
    </div>
  );
}
