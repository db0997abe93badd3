import type { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { blockUser } from "../../services/blocks/block.ts";
import { listBlocks } from "../../services/blocks/list.ts";
import { unblockUser } from "../../services/blocks/unblock.ts";
import { getConversation } from "../../services/conversations/get.ts";
import { listConversations } from "../../services/conversations/list.ts";
import { acceptConversation } from "../../services/conversations/members/accept.ts";
import { addMembers } from "../../services/conversations/members/add-members.ts";
import { leaveConversation } from "../../services/conversations/members/leave.ts";
import { removeMember } from "../../services/conversations/members/remove-member.ts";
import { openConversation } from "../../services/conversations/open.ts";
import { updateConversation } from "../../services/conversations/update.ts";
import { markRead } from "../../services/rooms/mark-read.ts";
import { setLevel } from "../../services/rooms/set-notification-level.ts";
import { mount, withResponse } from "./mount.ts";

/** REST endpoints for conversations, blocks and read states. */
export const conversations = (deps: Deps): Router =>
  mount(deps, {
    listConversations,
    openConversation: withResponse(openConversation, (conversation, _req, res) => {
      res.location(`/api/conversations/${conversation.id}`);
      return conversation;
    }),
    getConversation,
    updateConversation,
    leaveConversation,
    acceptConversation,
    addMembers,
    removeMember,
    listBlocks,
    blockUser,
    unblockUser,
    markRead,
    setLevel,
  });
