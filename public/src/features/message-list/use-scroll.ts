import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { afterPaint } from "../../shared/state/after-paint.ts";
import { outbox } from "../composer/outbox.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { type Anchor, anchorOf, restore } from "./anchor.ts";
import type { LogView } from "./list-view.ts";

/** Distance from an end, in pixels, at which the next rows are fetched. */
const NEAR = 600;
/** Distance from the end, in pixels, below which the list counts as scrolled to the end. */
const AT_END = 32;

/** Returns the height of the content below the visible part, in pixels. */
const aheadOf = (element: HTMLElement): number => element.scrollHeight - element.scrollTop - element.clientHeight;

type Frame = RefObject<HTMLDivElement | null>;

/** Keeps the scroll position when rows change: at the end the list stays at the end, elsewhere the visible row stays in place. */
function useKeptPlace(frame: Frame, room: OpenRoom, view: LogView): () => void {
  const anchor = useRef<Anchor | null>(null);
  const isFollowing = view.isFollowing.value;
  // Measured while the previous rows are still in the document.
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

/** Loads earlier or later rows on scroll, and tracks whether the newest message is visible. */
export function useScroll(room: OpenRoom, view: LogView): { frame: Frame; look: () => void } {
  const frame = useRef<HTMLDivElement>(null);
  const height = useRef(0);
  const toEnd = useKeptPlace(frame, room, view);

  // Users who see the unread marker need no button that leads to it.
  const seeUnread = () => {
    const line = frame.current?.querySelector(".log-line-unread");
    if (line && frame.current && line.getBoundingClientRect().top >= frame.current.getBoundingClientRect().top) view.sawUnread();
  };
  useLayoutEffect(seeUnread, [view.rows.value, view.newAbove.value]);

  const look = () => {
    const element = frame.current;
    // A frame that was resized was not scrolled by the user: its observer runs next and keeps the end visible.
    if (!element || room.phase.peek() !== "in" || element.clientHeight !== height.current) return;
    const ahead = aheadOf(element);
    view.follow(ahead < AT_END && !view.hasLater.peek());
    if (view.newAbove.peek().count > 0) seeUnread();
    if (element.scrollTop < NEAR && room.older.peek() !== "failed") view.earlier();
    else if (ahead < NEAR) view.later();
  };

  useEffect(() => view.note(), [view.rows.value, view.isFollowing.value, room.phase.value]);

  // If all rows are visible, as around a message that was jumped to, no scroll event reports that the newest is among them.
  useEffect(() => {
    const element = frame.current;
    if (element && room.phase.value === "in" && element.scrollHeight <= element.clientHeight) look();
  }, [view.rows.value, view.isFollowing.value]);

  // The user may have scrolled to the end while later rows were loading: no scroll event requests the next ones.
  useEffect(() => {
    const element = frame.current;
    if (element && room.phase.value === "in" && view.hasLater.value && aheadOf(element) < NEAR) view.later();
  }, [view.rows.value, room.phase.value]);

  // The newest rows are painted before those above them, which are added a few at a time so that none delays a key press.
  useEffect(() => (view.isShort.value ? afterPaint(view.fill) : undefined), [view.rows.value, view.isShort.value]);

  // Rows were added while the list is scrolled to the top, or they do not fill the frame: no scroll event requests more.
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
    // Rows also grow by themselves, when a font loads.
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
