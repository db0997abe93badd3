/** Who is in which room: sets of ids, a room's gone when its last person goes. */
export type RoomOccupancy = {
  add(roomId: string, userId: string): void;
  remove(roomId: string, userId: string): void;
  has(roomId: string, userId: string): boolean;
  in(roomId: string): ReadonlySet<string>;
  /** How many different people are in any of these rooms. */
  count(roomIds: readonly string[]): number;
};

const nobody: ReadonlySet<string> = new Set();

export function createRoomOccupancy(): RoomOccupancy {
  const rooms = new Map<string, Set<string>>();
  return {
    add(roomId, userId) {
      rooms.set(roomId, (rooms.get(roomId) ?? new Set<string>()).add(userId));
    },
    remove(roomId, userId) {
      const crowd = rooms.get(roomId);
      crowd?.delete(userId);
      if (crowd?.size === 0) rooms.delete(roomId);
    },
    has: (roomId, userId) => rooms.get(roomId)?.has(userId) === true,
    in: (roomId) => rooms.get(roomId) ?? nobody,
    count(roomIds) {
      // The largest counts as it is: somebody comes into a crowd without the whole of it being counted anew.
      const crowds = [...new Set(roomIds)].map((roomId) => rooms.get(roomId) ?? nobody).sort((a, b) => b.size - a.size);
      let people = 0;
      for (const [at, crowd] of crowds.entries()) {
        if (at === 0) people += crowd.size;
        else for (const userId of crowd) if (!crowds.slice(0, at).some((larger) => larger.has(userId))) people += 1;
      }
      return people;
    },
  };
}
