import { effect } from "@preact/signals";
import { path, routeOf } from "../../shared/state/route.ts";
import { recallOwn, rememberOwn } from "../../storage.ts";
import { currentRoomId } from "../room/current-room.ts";
import { sessionPhase } from "../session/session.ts";
import { addressOfRoom, lounges } from "./lounges.ts";

const MOST = 20;

const arePaths = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

/** Returns the addresses of the rooms and conversations last opened in this browser, most recent first. */
export const visitedPaths = (): string[] => recallOwn("visited", "", arePaths) ?? [];

/** Returns the last opened room or conversation, if it can still be opened. */
export function lastPath(): string | null {
  const isOpen = (address: string): boolean => {
    const route = routeOf(address);
    if (route.name === "messages") return route.roomId !== null;
    if (route.name !== "room" || lounges.value === null) return false;
    return addressOfRoom(route.lounge, route.language)?.lounge.closedReason === null;
  };
  return visitedPaths().find(isOpen) ?? null;
}

/** Records each room and conversation that the user opens. */
export function recordVisits(): void {
  effect(() => {
    const address = path.value;
    if (sessionPhase.value !== "active" || currentRoomId.value === null) return;
    const others = visitedPaths().filter((one) => one !== address);
    rememberOwn("visited", "", [address, ...others].slice(0, MOST));
  });
}
