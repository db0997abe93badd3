import { conversations, requests } from "../../features/inbox/inbox.ts";
import { addressPath, openRooms } from "../../features/lobby/lounges.ts";
import { isOwn, ownRooms } from "../../features/lobby/own-rooms.ts";
import { currentUser } from "../../features/session/session.ts";
import { goToNextUnread } from "../../features/unread/next-unread.ts";
import { countOf, unreadOf } from "../../features/unread/unread.ts";
import { showing, shownPerson, sidePanel } from "../state/dialogs.ts";
import { conversationPath, go, path } from "../state/route.ts";
import { goToRegion } from "./regions.ts";

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));

/** Returns every address that can be reached by key, in the order of the sidebar; only unread ones, or all. */
function pathsOf(isUnread: boolean): string[] {
  const talks = [...requests.value, ...conversations.value].filter((one) => !isUnread || countOf(one.id) > 0);
  const all = [...ownRooms.value, ...openRooms.value.filter(({ room }) => !isOwn(room.id))];
  const places = all.filter(({ room }) => !isUnread || unreadOf(room.id).hasNews);
  return [...talks.map((one) => conversationPath(one.id)), ...places.map(addressPath)];
}

/** Goes to the next or previous address in the list, or to the next unread one. */
function step(by: number, isUnread: boolean): void {
  if (isUnread) {
    const all = pathsOf(false);
    const unread = new Set(pathsOf(true));
    const from = all.indexOf(path.value);
    const order = all.map((_, at) => all[(from + by * (at + 1) + all.length * 2) % all.length]);
    const next = order.find((one) => one !== undefined && one !== path.value && unread.has(one));
    if (next) go(next);
    return;
  }
  const paths = pathsOf(false);
  if (paths.length === 0) return;
  const at = paths.indexOf(path.value);
  const next = paths[at < 0 ? 0 : (at + by + paths.length) % paths.length];
  if (next) go(next);
}

const isFree = (event: KeyboardEvent): boolean =>
  showing.value === null && shownPerson.value === null && !event.ctrlKey && !event.metaKey && !event.altKey && !isWriting(event.target);

/** Registers the global shortcuts. Browsers use none of these. */
export function listenToKeys(): void {
  window.addEventListener("keydown", (event) => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (isCommand && event.key.toLowerCase() === "k") {
      event.preventDefault();
      showing.value = showing.value === "switcher" ? null : "switcher";
    } else if (event.altKey && !event.ctrlKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && showing.value === null) {
      event.preventDefault();
      step(event.key === "ArrowUp" ? -1 : 1, event.shiftKey);
    } else if (event.key === "F6" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      if (goToRegion(event.shiftKey ? -1 : 1)) event.preventDefault();
    } else if (event.key === "/" && currentUser.value && isFree(event)) {
      event.preventDefault();
      sidePanel.value = "search";
    } else if (event.key.toLowerCase() === "n" && currentUser.value && isFree(event) && !event.shiftKey) {
      event.preventDefault();
      goToNextUnread();
    } else if (event.key === "?" && showing.value === null && !isWriting(event.target)) {
      event.preventDefault();
      showing.value = "keys";
    }
  });
}
