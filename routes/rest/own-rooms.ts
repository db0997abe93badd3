import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { listUnreadRooms } from "../../services/room-views/list-unread-rooms.ts";
import { listUnread } from "../../services/rooms/list-unread.ts";
import { starRoom, unstarRoom } from "../../services/rooms/star.ts";
import { operations } from "../../utils/contract/operations/index.ts";

/** Stars, and what is unread in rooms and conversations. */
export const ownRooms = (deps: Deps): Router =>
  Router()
    .put(operations.starRoom.path, endpoint(deps, operations.starRoom, { run: starRoom }))
    .delete(operations.unstarRoom.path, endpoint(deps, operations.unstarRoom, { run: unstarRoom }))
    .get(operations.listUnread.path, endpoint(deps, operations.listUnread, { run: listUnread }))
    .get(operations.listUnreadRooms.path, endpoint(deps, operations.listUnreadRooms, { run: listUnreadRooms }));
