import type { Router } from "express";
import { closedSignal } from "../../middleware/closed.ts";
import type { Deps } from "../../middleware/deps.ts";
import { listLounges } from "../../services/lounges/list.ts";
import { listRooms } from "../../services/lounges/list-rooms.ts";
import { listMessages } from "../../services/messages/list.ts";
import { sendMessage } from "../../services/messages/send.ts";
import { previewLounges } from "../../services/previews/preview-lounges.ts";
import { previewRoom } from "../../services/previews/preview-room.ts";
import { getRoom } from "../../services/room-views/get-room.ts";
import { listMembers } from "../../services/room-views/list-room-members.ts";
import { search } from "../../services/search/search.ts";
import { mount, withResponse } from "./mount.ts";

export const chatroom = (deps: Deps): Router =>
  mount(deps, {
    listLounges,
    listRooms,
    previewLounges,
    previewRoom,
    getRoom,
    listMembers,
    listMessages,
    search: (ctx, input, req) => search(ctx, input, { signal: closedSignal(req) }),
    sendMessage: withResponse(sendMessage, ({ message }, _req, res) => {
      if (message.seq !== null) res.location(`/api/chatroom/rooms/${message.roomId}/messages?around=${message.seq}`);
      return message;
    }),
  });
