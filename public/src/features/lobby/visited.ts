import { effect } from "@preact/signals";
import { path, routeOf } from "../../shared/state/route.ts";
import { recallOwn, rememberOwn } from "../../storage.ts";
import { currentRoomId } from "../room/current-room.ts";
import { sessionPhase } from "../session/session.ts";
import { addressOfRoom, lounges } from "./lounges.ts";

const MOST = 20;

const arePaths = (value: unknown): value is string[] => Array.isArray(value) && value.every((one) => typeof one === "string");

/** The addresses of the rooms and conversations that the person opened last in this browser, the last one first. */
export const visitedPaths = (): string[] => recallOwn("visited", "", arePaths) ?? [];

/** The room or conversation where the person was last, if it can still be opened. */
export function lastPath(): string | null {
  const isOpen = (address: string): boolean => {
    const route = routeOf(address);
    if (route.name === "messages") return route.roomId !== null;
    if (route.name !== "room" || lounges.value === null) return false;
    return addressOfRoom(route.lounge, route.language)?.lounge.closedReason === null;
  };
  return visitedPaths().find(isOpen) ?? null;
}

/** Remembers each room and conversation that the person opens. */
export function recordVisits(): void {
  effect(() => {
    const address = path.value;
    if (sessionPhase.value !== "active" || currentRoomId.value === null) return;
    const others = visitedPaths().filter((one) => one !== address);
    rememberOwn("visited", "", [address, ...others].slice(0, MOST));
  });
}
