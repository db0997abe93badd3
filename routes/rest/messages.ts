import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { editMessage } from "../../services/messages/changes/edit.ts";
import { listPins, pinMessage, unpinMessage } from "../../services/messages/changes/pin.ts";
import { addReaction, removeReaction } from "../../services/messages/changes/react.ts";
import { listVersions } from "../../services/messages/changes/versions.ts";
import { getMessage } from "../../services/messages/get.ts";
import { deleteMessage } from "../../services/moderation/actions/delete-message.ts";
import { mount, withResponse } from "./mount.ts";

/** Over REST the response is the message itself; over the socket it is the `message` property of the ack. */
const bare = <Message>({ message }: { message: Message }): Message => message;

/** REST endpoints for existing messages. */
export const messages = (deps: Deps): Router =>
  mount(deps, {
    getMessage,
    editMessage: withResponse(editMessage, bare),
    deleteMessage: withResponse(deleteMessage, bare),
    listVersions,
    addReaction: withResponse(addReaction, bare),
    removeReaction: withResponse(removeReaction, bare),
    pinMessage,
    unpinMessage,
    listPins,
  });
