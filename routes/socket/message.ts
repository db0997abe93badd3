import { editMessage } from "../../services/messages/changes/edit.ts";
import { addReaction, removeReaction } from "../../services/messages/changes/react.ts";
import { sendMessage } from "../../services/messages/send.ts";
import { deleteMessage } from "../../services/moderation/actions/delete-message.ts";
import type { CommandHandlers } from "./command-handler.ts";

export const messageCommands = {
  send_message: sendMessage,
  edit_message: editMessage,
  delete_message: deleteMessage,
  add_reaction: addReaction,
  remove_reaction: removeReaction,
} satisfies Partial<CommandHandlers>;
