import type { Deps } from "../../../middleware/deps.ts";
import { SLOW_CHANNEL } from "../../../services/realtime/channels.ts";
import { disconnectSlowConsumers } from "../../../services/realtime/disconnect-slow-consumers.ts";
import { joinedRooms } from "../../../services/realtime/leave-room.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { localizedProblem } from "../handshake.ts";
import type { SlowConsumerPolicy } from "./backlog.ts";

/** A slow consumer first loses typing and presence events; if that is not enough, it gets a `resync` error and is disconnected. */
export const slowConsumerPolicy = ({ services }: Deps): SlowConsumerPolicy => ({
  fellBehind: (socket) => void socket.join(SLOW_CHANNEL),
  caughtUp(socket) {
    void socket.leave(SLOW_CHANNEL);
    // Send the current roster and count to make up for the skipped presence events.
    for (const roomId of joinedRooms(socket)) {
      const onlineCount = services.presence.onlineCount(roomId);
      const users = onlineCount > limits.rosterPeople ? [] : services.presence.roster(roomId);
      socket.emit("user_joined", { roomId, users, onlineCount });
    }
  },
  overflowed: (socket) => disconnectSlowConsumers(socket, localizedProblem("resync", socket)),
});
