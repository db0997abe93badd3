/** Which users are in which room: sets of ids; a room's set is removed when it becomes empty. */
export type RoomOccupancy = {
  add(roomId: string, userId: string): void;
  remove(roomId: string, userId: string): void;
  has(roomId: string, userId: string): boolean;
  in(roomId: string): ReadonlySet<string>;
  /** Counts the distinct users in any of these rooms. */
  count(roomIds: readonly string[]): number;
};

const noUsers: ReadonlySet<string> = new Set();

export function createRoomOccupancy(): RoomOccupancy {
  const rooms = new Map<string, Set<string>>();
  return {
    add(roomId, userId) {
      rooms.set(roomId, (rooms.get(roomId) ?? new Set<string>()).add(userId));
    },
    remove(roomId, userId) {
      const users = rooms.get(roomId);
      users?.delete(userId);
      if (users?.size === 0) rooms.delete(roomId);
    },
    has: (roomId, userId) => rooms.get(roomId)?.has(userId) === true,
    in: (roomId) => rooms.get(roomId) ?? noUsers,
    count(roomIds) {
      // The largest set counts in full, so that a large room is not iterated whenever someone joins it.
      const sets = [...new Set(roomIds)].map((roomId) => rooms.get(roomId) ?? noUsers).sort((a, b) => b.size - a.size);
      let people = 0;
      for (const [at, users] of sets.entries()) {
        if (at === 0) people += users.size;
        else for (const userId of users) if (!sets.slice(0, at).some((larger) => larger.has(userId))) people += 1;
      }
      return people;
    },
  };
}
