import { lazyPart } from "../parts/lazy-part.tsx";
import { isGreetedIn } from "../state/first-minute.ts";
import type { Place } from "../state/lounges.ts";
import type { OpenRoom } from "../state/room.ts";
import { NewcomerStatus } from "./newcomer-status.tsx";

const Greeting = lazyPart(() => import("./greeting.tsx").then((file) => file.Greeting), { isDialog: true });

/** What a room shows in somebody's first minute: to the others that they joined, to themselves a greeting over the composer. */
export const firstMinuteOf = (place: Place, room: OpenRoom) => ({
  foot: <NewcomerStatus room={room} />,
  above: isGreetedIn(room.roomId) && (
    <div class="greeting-row">
      <Greeting place={place} room={room} />
    </div>
  ),
});
