import type { Deps } from "../../../middleware/deps.ts";
import { SLOW_CHANNEL } from "../../../services/realtime/channels.ts";
import { disconnectSlowConsumers } from "../../../services/realtime/disconnect-slow-consumers.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { localizedProblem } from "../handshake.ts";
import { joinedRooms } from "../leave.ts";
import type { SlowConsumerPolicy } from "./backlog.ts";

/** A slow client loses typing and presence first; when that is not enough it is told to come again, and cut. */
export const slowConsumerPolicy = ({ services }: Deps): SlowConsumerPolicy => ({
  fellBehind: (socket) => void socket.join(SLOW_CHANNEL),
  caughtUp(socket) {
    void socket.leave(SLOW_CHANNEL);
    // What it was spared is made good: who is here now.
    for (const roomId of joinedRooms(socket)) {
      const onlineCount = services.presence.onlineCount(roomId);
      const users = onlineCount > limits.rosterPeople ? [] : services.presence.roster(roomId);
      socket.emit("user_joined", { roomId, users, onlineCount });
    }
  },
  overflowed: (socket) => disconnectSlowConsumers(socket, localizedProblem("resync", socket)),
});
