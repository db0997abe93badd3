import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import { shouldFlush } from "./flush-interval.ts";
import type { PresenceRegistry } from "./presence-registry.ts";

/** Comings and goings, gathered: who comes and goes again between two flushes was never told. */
export type JoinLeaveBatcher = {
  /** `isNewcomer`: the person has never been in the room before, and others may want to greet them. */
  recordJoin(roomId: string, author: AuthorDto, visit?: { readonly isNewcomer: boolean }): void;
  recordLeave(roomId: string, author: AuthorDto): void;
  /** Tells what was gathered, in a crowd less often; to be called every `gatherMs`. */
  flush(): void;
};

type PendingChanges = { came: Map<string, AuthorDto>; went: Map<string, AuthorDto>; newcomerIds: Set<string> };

export function createJoinLeaveBatcher(publish: Publisher, presence: PresenceRegistry): JoinLeaveBatcher {
  const rooms = new Map<string, PendingChanges>();
  let turn = 0;

  const gathered = (roomId: string): PendingChanges => {
    const room = rooms.get(roomId) ?? { came: new Map(), went: new Map(), newcomerIds: new Set() };
    rooms.set(roomId, room);
    return room;
  };

  /** Above a few hundred people names help nobody and cost everybody: only the count is told. */
  function tellCount(roomId: string, { came, went }: PendingChanges, onlineCount: number): void {
    if (came.size >= went.size) publish.userJoined({ roomId, users: [], onlineCount });
    else publish.userLeft({ roomId, users: [], onlineCount });
  }

  function tell(roomId: string, gathered: PendingChanges): void {
    if (gathered.came.size + gathered.went.size === 0) return;
    const onlineCount = presence.onlineCount(roomId);
    if (onlineCount > limits.rosterPeople) tellCount(roomId, gathered, onlineCount);
    else tellNames(roomId, gathered, onlineCount);
  }

  function tellNames(roomId: string, { came, went, newcomerIds }: PendingChanges, onlineCount: number): void {
    const statuses = new Map(came.size === 0 ? [] : presence.roster(roomId).map((member) => [member.id, member] as const));
    const users = [...came.keys()].flatMap((userId) => statuses.get(userId) ?? []);
    const newcomers = users.map(({ id }) => id).filter((id) => newcomerIds.has(id));
    if (came.size > 0) publish.userJoined({ roomId, users, onlineCount, ...(newcomers.length > 0 && { newcomerIds: newcomers }) });
    if (went.size > 0) publish.userLeft({ roomId, users: [...went.values()], onlineCount });
  }

  return {
    recordJoin(roomId, author, { isNewcomer } = { isNewcomer: false }) {
      const room = gathered(roomId);
      if (isNewcomer) room.newcomerIds.add(author.id);
      if (!room.went.delete(author.id)) room.came.set(author.id, author);
    },
    recordLeave(roomId, author) {
      const room = gathered(roomId);
      if (!room.came.delete(author.id)) room.went.set(author.id, author);
    },
    flush() {
      turn += 1;
      for (const [roomId, room] of rooms) {
        if (!shouldFlush(roomId, presence.onlineCount(roomId), turn)) continue;
        rooms.delete(roomId);
        tell(roomId, room);
      }
    },
  };
}
