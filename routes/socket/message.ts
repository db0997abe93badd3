import type { Deps } from "../../middleware/deps.ts";
import { deleteMessage } from "../../services/messages/delete.ts";
import { editMessage } from "../../services/messages/edit.ts";
import { addReaction, removeReaction } from "../../services/messages/react.ts";
import { sendMessage } from "../../services/messages/send.ts";
import type { ChatSocket } from "../../services/realtime/io.ts";
import { on } from "./on.ts";

export function messageCommands(socket: ChatSocket, deps: Deps): void {
  on(socket, deps, "send_message", sendMessage);
  on(socket, deps, "edit_message", editMessage);
  on(socket, deps, "delete_message", deleteMessage);
  on(socket, deps, "add_reaction", addReaction);
  on(socket, deps, "remove_reaction", removeReaction);
}
