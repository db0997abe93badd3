import type { Services } from "../context.ts";
import type { ModeratedScope } from "../domain-events.ts";
import { userChannel } from "./channels.ts";
import type { ChatServer, ChatSocket } from "./io.ts";
import { joinedRooms, leaveRoom } from "./leave-room.ts";
import { socketsIn } from "./publisher.ts";
import { disconnectSessions } from "./reap-sessions.ts";

type Evicting = Pick<Services, "rooms" | "sessions" | "publish" | "roomBroadcaster" | "presence" | "typing" | "joinLeaveBatcher">;

/** The kinds of action that keep a user out of rooms. */
const KEEPS_OUT: ReadonlySet<ModeratedScope["kind"]> = new Set(["kick", "ban_room", "ban_lounge", "ban_site"]);

async function isInScope({ rooms }: Pick<Services, "rooms">, roomId: string, { scope }: ModeratedScope): Promise<boolean> {
  if (scope.kind === "room") return roomId === scope.id;
  return scope.kind === "lounge" && (await rooms.find(roomId))?.lounge?.id === scope.id;
}

async function leaveScope(socket: ChatSocket, services: Evicting, action: ModeratedScope): Promise<void> {
  for (const roomId of joinedRooms(socket))
    if (await isInScope(services, roomId, action)) leaveRoom(socket, services, socket.data.author, roomId);
}

/**
 * Takes the sockets of a user out of the rooms that an action closes to them; after a ban from the site, ends their sockets. They receive
 * nothing that is numbered afterwards. Idempotent. The users' cached actors must have been invalidated before, or else a socket could
 * rejoin.
 */
export async function evict(io: ChatServer, services: Evicting, action: ModeratedScope): Promise<void> {
  if (action.userId === null || !KEEPS_OUT.has(action.kind)) return;
  const sockets = socketsIn(io, userChannel(action.userId));
  if (sockets.length === 0) return;
  if (action.kind === "ban_site") {
    const sessionIds = [...new Set(sockets.map((socket) => socket.data.sessionId))];
    return disconnectSessions(services, sessionIds);
  }
  for (const socket of sockets) await leaveScope(socket, services, action);
}

/** Actions that any node took within the last seconds and that are still active. */
const RECENT = `
  SELECT r.id, r.kind, r.user_id AS "userId", jsonb_build_object('kind', r.scope_kind, 'id', r.scope_id) AS scope, r.expires_at AS "expiresAt"
  FROM active_restrictions r JOIN moderation_actions a ON a.id = r.id
  WHERE a.created_at > now() - interval '10 s' AND r.kind IN ('kick', 'ban_room', 'ban_lounge')`;

/**
 * Enforces the latest actions of all nodes on the sockets of this one; to be called every second. Each action is enforced several times:
 * a socket may have joined a room while the action was taken. Bans from the whole site are found with the ended sessions.
 */
export async function enforceRecentActions(io: ChatServer, services: Evicting & Pick<Services, "reservedPool">): Promise<void> {
  const { rows } = await services.reservedPool.query<ModeratedScope>({ name: "actions-recent", text: RECENT });
  for (const action of rows) {
    const sockets = action.userId === null ? [] : socketsIn(io, userChannel(action.userId));
    for (const { data } of sockets) services.sessions.invalidate(data.sessionId);
    await evict(io, services, action);
  }
}
