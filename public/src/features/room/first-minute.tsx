import { lazyPart } from "../../shared/ui/lazy-part.tsx";
import type { RoomAddress } from "../lobby/lounges.ts";
import { isGreetedIn } from "./first-minute-state.ts";
import { NewcomerStatus } from "./newcomer-status.tsx";
import type { OpenRoom } from "./open-room.ts";

const Greeting = lazyPart(() => import("./greeting.tsx").then((file) => file.Greeting), { isDialog: true });

/** Returns what a room shows in a user's first minute: to others that they joined, to themselves a greeting above the composer. */
export const firstMinuteOf = (place: RoomAddress, room: OpenRoom) => ({
  foot: <NewcomerStatus room={room} />,
  above: isGreetedIn(room.roomId) && (
    <div class="greeting-row">
      <Greeting place={place} room={room} />
    </div>
  ),
});
