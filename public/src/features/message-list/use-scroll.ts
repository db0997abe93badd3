import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { afterPaint } from "../../shared/state/after-paint.ts";
import { outbox } from "../composer/outbox.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { type Anchor, anchorOf, restore } from "./anchor.ts";
import type { LogView } from "./list-view.ts";

/** How near to an end, in pixels, the next rows are fetched. */
const NEAR = 600;
/** Below this distance from the end one is at the end. */
const AT_END = 32;

/** How much stands below what is in sight, in pixels. */
const aheadOf = (element: HTMLElement): number => element.scrollHeight - element.scrollTop - element.clientHeight;

type Frame = RefObject<HTMLDivElement | null>;

/** After every change of the rows: at the end one stays at the end, anywhere else the row in sight stays where it is. */
function useKeptPlace(frame: Frame, room: OpenRoom, view: LogView): () => void {
  const anchor = useRef<Anchor | null>(null);
  const isFollowing = view.isFollowing.value;
  // Taken while the rows of before are still in the document.
  anchor.current = frame.current && !isFollowing ? anchorOf(frame.current) : null;
  const toEnd = () => {
    if (frame.current && view.isFollowing.peek()) frame.current.scrollTop = frame.current.scrollHeight;
  };
  useLayoutEffect(() => {
    if (anchor.current && frame.current) restore(frame.current, anchor.current);
    toEnd();
  }, [view.rows.value, isFollowing, outbox.value, room.older.value]);
  return toEnd;
}

/** Scrolling asks for earlier or later rows, and says whether the newest is in sight. */
export function useScroll(room: OpenRoom, view: LogView): { frame: Frame; look: () => void } {
  const frame = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const toEnd = useKeptPlace(frame, room, view);

  // Who has the unread line before them need not be led to it.
  const seeUnread = () => {
    const line = frame.current?.querySelector(".log-line-unread");
    if (line && frame.current && line.getBoundingClientRect().top >= frame.current.getBoundingClientRect().top) view.sawUnread();
  };
  useLayoutEffect(seeUnread, [view.rows.value, view.newAbove.value]);

  const look = () => {
    const element = frame.current;
    // A frame that has just become smaller or larger was not scrolled by its reader: its observer comes next and keeps the end in sight.
    if (!element || room.phase.peek() !== "in" || element.clientHeight !== height.current) return;
    const ahead = aheadOf(element);
    view.follow(ahead < AT_END && !view.hasLater.peek());
    if (view.newAbove.peek().count > 0) seeUnread();
    if (element.scrollTop < NEAR && room.older.peek() !== "failed") view.earlier();
    else if (ahead < NEAR) view.later();
  };

  useEffect(() => view.note(), [view.rows.value, view.isFollowing.value, room.phase.value]);

  // Where all rows are in sight, as around a message that was jumped to, no scrolling will tell that the newest is among them.
  useEffect(() => {
    const element = frame.current;
    if (element && room.phase.value === "in" && element.scrollHeight <= element.clientHeight) look();
  }, [view.rows.value, view.isFollowing.value]);

  // Later rows were fetched for somebody who has scrolled as far as it goes meanwhile: no scrolling will ask for the next ones.
  useEffect(() => {
    const element = frame.current;
    if (element && room.phase.value === "in" && view.hasLater.value && aheadOf(element) < NEAR) view.later();
  }, [view.rows.value, room.phase.value]);

  // The newest rows are painted before those above them, which come a few at a time so that none keeps a key press waiting.
  useEffect(() => (view.isShort.value ? afterPaint(view.fill) : undefined), [view.rows.value, view.isShort.value]);

  // Rows that came while one looks at the top, or that do not fill the frame: no scrolling will ask for more.
  useEffect(() => {
    const element = frame.current;
    const isHungry = element !== null && element.scrollTop < NEAR && (view.floor.value > 0 || !view.isFollowing.value);
    if (isHungry && !view.isShort.value && room.phase.value === "in" && room.older.value === "idle") view.earlier();
  }, [view.floor.value, view.isShort.value, room.phase.value]);

  useEffect(() => {
    const resized = new ResizeObserver(() => {
      height.current = frame.current?.clientHeight ?? 0;
      toEnd();
    });
    if (frame.current) resized.observe(frame.current);
    // Rows grow by themselves too, when a font arrives.
    const list = frame.current?.querySelector(".log-list");
    if (list) resized.observe(list);
    const seen = () => view.note();
    document.addEventListener("visibilitychange", seen);
    return () => {
      resized.disconnect();
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);

  return { frame, look };
}
