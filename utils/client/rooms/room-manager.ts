import type { Heads } from "../connection/heartbeat.ts";
import { type ChatRoom, type ChatRoomParts, openChatRoom, type RoomDriver, type Start } from "./chat-room.ts";
import type { Batch } from "./room-log.ts";

/** The open rooms of a client: those it entered, and its conversations once one of their messages arrives. */
export type OpenRooms = {
  open(roomId: string): ChatRoom;
  take(batch: Batch): void;
  heads(heads: Heads): void;
  connected(): void;
  closeAll(): void;
};

/** Creates the open rooms of a client. */
export function createOpenRooms(parts: Omit<ChatRoomParts, "closed">): OpenRooms {
  const rooms = new Map<string, RoomDriver>();
  /** Rooms that were left. Their remaining events are ignored. */
  const left = new Set<string>();
  let hasHeads = false;

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
    // A batch of a room that was not entered belongs to a conversation.
    take: (batch) => {
      const { roomId, epoch, fromSeq } = batch;
      if (!left.has(roomId)) (rooms.get(roomId) ?? put(roomId, { epoch, head: fromSeq })).take(batch);
    },
    heads: (heads) => {
      for (const [roomId, seq] of Object.entries(heads)) {
        if (left.has(roomId)) continue;
        // A conversation listed in the first heartbeat is followed from its current head; one that appears later, from its beginning.
        const driver = rooms.get(roomId) ?? put(roomId, { epoch: null, head: hasHeads ? 0 : seq });
        driver.head(seq);
      }
      hasHeads = true;
    },
    connected: () => {
      for (const driver of rooms.values()) driver.connected();
    },
    closeAll: () => {
      for (const { room } of rooms.values()) room.leave();
    },
  };
}
