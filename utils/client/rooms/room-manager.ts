import type { Heads } from "../connection/heartbeat.ts";
import { type ChatRoom, type ChatRoomParts, openChatRoom, type RoomDriver, type Start } from "./chat-room.ts";
import type { Batch } from "./room-log.ts";

/** The rooms a client keeps: those it entered, and its conversations from the moment it hears of them. */
export type OpenRooms = {
  open(roomId: string): ChatRoom;
  take(batch: Batch): void;
  heads(heads: Heads): void;
  connected(): void;
  closeAll(): void;
};

export function createOpenRooms(parts: Omit<ChatRoomParts, "closed">): OpenRooms {
  const rooms = new Map<string, RoomDriver>();
  /** What still comes of a room that was left is not heard. */
  const left = new Set<string>();
  let hasHeard = false;

  const put = (roomId: string, start: Start | null): RoomDriver => {
    const closed = (): void => {
      if (rooms.get(roomId) === driver) rooms.delete(roomId);
      left.add(roomId);
    };
    const driver = openChatRoom(roomId, { ...parts, closed }, start);
    rooms.set(roomId, driver);
    left.delete(roomId);
    return driver;
  };

  return {
    open: (roomId) => {
      const driver = rooms.get(roomId) ?? put(roomId, null);
      driver.join();
      return driver.room;
    },
    // What comes without having been asked for is of a conversation.
    take: (batch) => {
      const { roomId, epoch, fromSeq } = batch;
      if (!left.has(roomId)) (rooms.get(roomId) ?? put(roomId, { epoch, head: fromSeq })).take(batch);
    },
    heads: (heads) => {
      for (const [roomId, seq] of Object.entries(heads)) {
        if (left.has(roomId)) continue;
        // A conversation that is there at the first beat is heard from then on; one that comes later from its beginning.
        const driver = rooms.get(roomId) ?? put(roomId, { epoch: null, head: hasHeard ? 0 : seq });
        driver.head(seq);
      }
      hasHeard = true;
    },
    connected: () => {
      for (const driver of rooms.values()) driver.connected();
    },
    closeAll: () => {
      for (const { room } of rooms.values()) room.leave();
    },
  };
}
