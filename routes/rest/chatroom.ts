import { Router } from "express";
import { closedSignal } from "../../middleware/closed.ts";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { listLounges } from "../../services/lounges/list.ts";
import { listRooms } from "../../services/lounges/list-rooms.ts";
import { listMessages } from "../../services/messages/list.ts";
import { sendMessage } from "../../services/messages/send.ts";
import { previewLounges } from "../../services/previews/preview-lounges.ts";
import { previewRoom } from "../../services/previews/preview-room.ts";
import { getRoom } from "../../services/room-views/get-room.ts";
import { listMembers } from "../../services/room-views/list-room-members.ts";
import { search } from "../../services/search/search.ts";
import { operations } from "../../utils/contract/operations/index.ts";

export const chatroom = (deps: Deps): Router =>
  Router()
    .get(operations.listLounges.path, endpoint(deps, operations.listLounges, { run: listLounges }))
    .get(operations.listRooms.path, endpoint(deps, operations.listRooms, { run: listRooms }))
    .get(operations.previewLounges.path, endpoint(deps, operations.previewLounges, { run: previewLounges }))
    .get(operations.previewRoom.path, endpoint(deps, operations.previewRoom, { run: previewRoom }))
    .get(operations.getRoom.path, endpoint(deps, operations.getRoom, { run: getRoom }))
    .get(operations.listMembers.path, endpoint(deps, operations.listMembers, { run: listMembers }))
    .get(operations.listMessages.path, endpoint(deps, operations.listMessages, { run: listMessages }))
    .get(
      operations.search.path,
      endpoint(deps, operations.search, { run: (ctx, input, req) => search(ctx, input, { signal: closedSignal(req) }) }),
    )
    .post(
      operations.sendMessage.path,
      endpoint(deps, operations.sendMessage, {
        run: sendMessage,
        send: ({ message }, _req, res) => {
          if (message.seq !== null) res.location(`/api/chatroom/rooms/${message.roomId}/messages?around=${message.seq}`);
          return message;
        },
      }),
    );
