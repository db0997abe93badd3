import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
import { deleteMessage } from "../../services/messages/changes/delete.ts";
import { editMessage } from "../../services/messages/changes/edit.ts";
import { listPins, pinMessage, unpinMessage } from "../../services/messages/changes/pin.ts";
import { addReaction, removeReaction } from "../../services/messages/changes/react.ts";
import { listVersions } from "../../services/messages/changes/versions.ts";
import { getMessage } from "../../services/messages/get.ts";
import { operations } from "../../utils/contract/operations/index.ts";

/** Over REST the resource is the answer; over the socket it is in the ack's `message`. */
const bare = <Message>({ message }: { message: Message }): Message => message;

/** What becomes of a message once it is sent. */
export const messages = (deps: Deps): Router =>
  Router()
    .get(operations.getMessage.path, endpoint(deps, operations.getMessage, { run: getMessage }))
    .patch(operations.editMessage.path, endpoint(deps, operations.editMessage, { run: editMessage, send: bare }))
    .delete(operations.deleteMessage.path, endpoint(deps, operations.deleteMessage, { run: deleteMessage, send: bare }))
    .get(operations.listVersions.path, endpoint(deps, operations.listVersions, { run: listVersions }))
    .put(operations.addReaction.path, endpoint(deps, operations.addReaction, { run: addReaction, send: bare }))
    .delete(operations.removeReaction.path, endpoint(deps, operations.removeReaction, { run: removeReaction, send: bare }))
    .put(operations.pinMessage.path, endpoint(deps, operations.pinMessage, { run: pinMessage }))
    .delete(operations.unpinMessage.path, endpoint(deps, operations.unpinMessage, { run: unpinMessage }))
    .get(operations.listPins.path, endpoint(deps, operations.listPins, { run: listPins }));
