import { Ban, Check, X } from "lucide";
import type { ConversationDto } from "../../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../../locales/inbox/index.ts";
import { isolated } from "../../../locales/index.ts";
import { conversationPath, go, path } from "../../../shared/state/route.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { blockWithUndo } from "../../people/blocks.ts";
import { nameOf } from "../../people/conversation-face.tsx";
import { acceptConversation } from "../conversations.ts";
import { partnerIn } from "../inbox.ts";
import { leaveSoon, stay } from "../leaving.ts";
import { ConversationDenied } from "./error-texts.tsx";

/** Returns to a restored conversation, unless the user has navigated elsewhere meanwhile. */
const returnTo = (roomId: string): void => {
  if (path.peek() === "/m") go(conversationPath(roomId));
};

function titleOf(conversation: ConversationDto, inviter: string): string {
  const name = isolated(inviter);
  if (conversation.kind !== "group") return ti("requestTitle", { name });
  return conversation.name === "" ? ti("inviteTitleUnnamed", { name }) : ti("inviteTitle", { name, group: isolated(conversation.name) });
}

/** Replaces the composer until a request or an invitation is accepted. Blocking also declines it. */
export function RequestBar({ conversation }: { conversation: ConversationDto }) {
  const inviter = conversation.invitedBy ?? partnerIn(conversation);
  const isGroup = conversation.kind === "group";
  const name = inviter?.displayName ?? nameOf(conversation);
  const title = titleOf(conversation, name);
  const decide = useAction(async (choice: "accept" | "decline" | "block") => {
    const { id } = conversation;
    const undone = () => returnTo(id);
    if (choice === "accept") {
      stay(id);
      return acceptConversation(id);
    }
    if (choice === "block" && inviter) {
      await blockWithUndo(inviter, ti("blockedNow", { name: isolated(name) }), undone);
    } else {
      leaveSoon(id, ti("declinedNow", { name: isolated(name) }), undone);
      go("/m");
    }
  });
  return (
    <section class="request-bar" aria-label={title}>
      <p>
        <strong>{title}</strong> {ti(isGroup ? "inviteText" : "requestText")}
      </p>
      <ConversationDenied refusal={decide.refusal} />
      <div class="conversation-choices">
        <button type="button" class="button button-main" aria-disabled={decide.isBusy} onClick={() => void decide.act("accept")}>
          <Icon icon={Check} size={17} /> {ti("accept")}
        </button>
        <button type="button" class="button button-quiet" aria-disabled={decide.isBusy} onClick={() => void decide.act("decline")}>
          <Icon icon={X} size={16} /> {ti("decline")}
        </button>
        {inviter && (
          <button type="button" class="button button-quiet" aria-disabled={decide.isBusy} onClick={() => void decide.act("block")}>
            <Icon icon={Ban} size={16} /> {isGroup ? ti("blockNamed", { name: inviter.displayName }) : ti("block")}
          </button>
        )}
      </div>
    </section>
  );
}
