import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { listUnreadRooms } from "../../services/room-views/list-unread-rooms.ts";
import { listUnread } from "../../services/rooms/list-unread.ts";
import { starRoom, unstarRoom } from "../../services/rooms/star.ts";
import { mount } from "./mount.ts";

/** REST endpoints for stars and for unread rooms and conversations. */
export const ownRooms = (deps: Deps): Router => mount(deps, { starRoom, unstarRoom, listUnread, listUnreadRooms });
