import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import { shouldFlush } from "./flush-interval.ts";
import type { PresenceRegistry } from "./presence-registry.ts";

/** Batches joins and leaves: a join and leave between two flushes is never published. */
export type JoinLeaveBatcher = {
  /** `isNewcomer`: the person has never been in the room before, and others may want to greet them. */
  recordJoin(roomId: string, author: AuthorDto, visit?: { readonly isNewcomer: boolean }): void;
  recordLeave(roomId: string, author: AuthorDto): void;
  /** Publishes the batches, for large rooms less often; to be called every `gatherMs`. */
  flush(): void;
};

type PendingChanges = { joined: Map<string, AuthorDto>; left: Map<string, AuthorDto>; newcomerIds: Set<string> };

export function createJoinLeaveBatcher(publish: Publisher, presence: PresenceRegistry): JoinLeaveBatcher {
  const rooms = new Map<string, PendingChanges>();
  let flushCount = 0;

  const pendingOf = (roomId: string): PendingChanges => {
    const room = rooms.get(roomId) ?? { joined: new Map(), left: new Map(), newcomerIds: new Set() };
    rooms.set(roomId, room);
    return room;
  };

  /** Publishes only the count of rooms with more than `rosterPeople` people: names would be expensive and of little use there. */
  function publishCount(roomId: string, { joined, left }: PendingChanges, onlineCount: number): void {
    if (joined.size >= left.size) publish.userJoined({ roomId, users: [], onlineCount });
    else publish.userLeft({ roomId, users: [], onlineCount });
  }

  function publishChanges(roomId: string, changes: PendingChanges): void {
    if (changes.joined.size + changes.left.size === 0) return;
    const onlineCount = presence.onlineCount(roomId);
    if (onlineCount > limits.rosterPeople) publishCount(roomId, changes, onlineCount);
    else publishNames(roomId, changes, onlineCount);
  }

  function publishNames(roomId: string, { joined, left, newcomerIds }: PendingChanges, onlineCount: number): void {
    const statuses = new Map(joined.size === 0 ? [] : presence.roster(roomId).map((member) => [member.id, member] as const));
    const users = [...joined.keys()].flatMap((userId) => statuses.get(userId) ?? []);
    const newcomers = users.map(({ id }) => id).filter((id) => newcomerIds.has(id));
    if (joined.size > 0) publish.userJoined({ roomId, users, onlineCount, ...(newcomers.length > 0 && { newcomerIds: newcomers }) });
    if (left.size > 0) publish.userLeft({ roomId, users: [...left.values()], onlineCount });
  }

  return {
    recordJoin(roomId, author, { isNewcomer } = { isNewcomer: false }) {
      const room = pendingOf(roomId);
      if (isNewcomer) room.newcomerIds.add(author.id);
      if (!room.left.delete(author.id)) room.joined.set(author.id, author);
    },
    recordLeave(roomId, author) {
      const room = pendingOf(roomId);
      if (!room.joined.delete(author.id)) room.left.set(author.id, author);
    },
    flush() {
      flushCount += 1;
      for (const [roomId, room] of rooms) {
        if (!shouldFlush(roomId, presence.onlineCount(roomId), flushCount)) continue;
        rooms.delete(roomId);
        publishChanges(roomId, room);
      }
    },
  };
}
