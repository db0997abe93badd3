import type { ComponentChildren } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { isMiddle, isWide } from "../state/settings.ts";
import { frames } from "../state/showing.ts";
import { Beside } from "./beside.tsx";
import { Rail } from "./rail.tsx";

/** The columns of the page: the rail, what one looks at, and what stands beside it. In a room they wear its lounge's colour. */
export function Frame({ hue, children }: { hue?: string; children: ComponentChildren }) {
  useLayoutEffect(() => {
    frames.value += 1;
    return () => {
      frames.value -= 1;
    };
  }, []);
  return (
    <div class={hue ? "frame lounge-hued" : "frame"} {...(hue ? { style: { "--lounge": hue } } : {})}>
      {isMiddle.value && <Rail />}
      {children}
      {isWide.value && <Beside />}
    </div>
  );
}
