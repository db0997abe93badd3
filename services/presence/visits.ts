import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import type { PresenceBook } from "./book.ts";

/** Comings and goings, gathered: who comes and goes again between two flushes was never told. */
export type Visits = {
  came(roomId: string, author: AuthorDto): void;
  went(roomId: string, author: AuthorDto): void;
  /** Tells what was gathered; to be called every `gatherMs`. */
  flush(): void;
};

type Gathered = { came: Map<string, AuthorDto>; went: Map<string, AuthorDto> };

export function createVisits(publish: Publisher, presence: PresenceBook): Visits {
  const rooms = new Map<string, Gathered>();

  const gathered = (roomId: string): Gathered => {
    const room = rooms.get(roomId) ?? { came: new Map(), went: new Map() };
    rooms.set(roomId, room);
    return room;
  };

  /** Above a few hundred people names help nobody and cost everybody: only the count is told. */
  function tell(roomId: string, { came, went }: Gathered): void {
    const onlineCount = presence.onlineCount(roomId);
    const isCrowd = onlineCount > limits.rosterPeople;
    const statuses = new Map(isCrowd || came.size === 0 ? [] : presence.roster(roomId).map((member) => [member.id, member] as const));
    const users = [...came.keys()].flatMap((userId) => statuses.get(userId) ?? []);
    if (came.size > 0) publish.userJoined({ roomId, users, onlineCount });
    if (went.size > 0) publish.userLeft({ roomId, users: isCrowd ? [] : [...went.values()], onlineCount });
  }

  return {
    came(roomId, author) {
      const room = gathered(roomId);
      if (!room.went.delete(author.id)) room.came.set(author.id, author);
    },
    went(roomId, author) {
      const room = gathered(roomId);
      if (!room.came.delete(author.id)) room.went.set(author.id, author);
    },
    flush() {
      for (const [roomId, room] of rooms) tell(roomId, room);
      rooms.clear();
    },
  };
}
