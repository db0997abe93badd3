import { lazy } from "../../shared/ui/lazy.tsx";

/** Explains a ban from a room, or a mute. Shows nothing until its code and texts are loaded. */
export const RoomRestriction = lazy(() => import("./room-restriction.tsx").then((file) => file.RoomRestriction), {
  isDialog: true,
  words: ["moderation"],
});
