import { Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { endpoint } from "../../middleware/endpoint.ts";
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
import { operations } from "../../utils/contract/operations/index.ts";

/** Conversations, blocks and read states. */
export function conversations(deps: Deps): Router {
  const router = Router();
  router.get(operations.listConversations.path, endpoint(deps, operations.listConversations, { run: listConversations }));
  router.post(
    operations.openConversation.path,
    endpoint(deps, operations.openConversation, {
      run: openConversation,
      send: (conversation, _req, res) => {
        res.location(`/api/conversations/${conversation.id}`);
        return conversation;
      },
    }),
  );
  router.get(operations.getConversation.path, endpoint(deps, operations.getConversation, { run: getConversation }));
  router.patch(operations.updateConversation.path, endpoint(deps, operations.updateConversation, { run: updateConversation }));
  router.delete(operations.leaveConversation.path, endpoint(deps, operations.leaveConversation, { run: leaveConversation }));
  router.post(operations.acceptConversation.path, endpoint(deps, operations.acceptConversation, { run: acceptConversation }));
  router.post(operations.addMembers.path, endpoint(deps, operations.addMembers, { run: addMembers }));
  router.delete(operations.removeMember.path, endpoint(deps, operations.removeMember, { run: removeMember }));
  router.get(operations.listBlocks.path, endpoint(deps, operations.listBlocks, { run: listBlocks }));
  router.put(operations.blockUser.path, endpoint(deps, operations.blockUser, { run: blockUser }));
  router.delete(operations.unblockUser.path, endpoint(deps, operations.unblockUser, { run: unblockUser }));
  router.post(operations.markRead.path, endpoint(deps, operations.markRead, { run: markRead }));
  router.put(operations.setLevel.path, endpoint(deps, operations.setLevel, { run: setLevel }));
  return router;
}
