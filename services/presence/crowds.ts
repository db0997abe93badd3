/** Who is in which room: sets of ids, a room's gone when its last person goes. */
export type Crowds = {
  add(roomId: string, userId: string): void;
  remove(roomId: string, userId: string): void;
  has(roomId: string, userId: string): boolean;
  in(roomId: string): ReadonlySet<string>;
  /** How many different people are in any of these rooms. */
  count(roomIds: readonly string[]): number;
};

const nobody: ReadonlySet<string> = new Set();

export function createCrowds(): Crowds {
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
    count: (roomIds) => new Set(roomIds.flatMap((roomId) => [...(rooms.get(roomId) ?? nobody)])).size,
  };
}
