import { Ban, Check, Trash2 } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated } from "../../locales/index.ts";
import { nameOf } from "../../parts/conversation-face.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useAction } from "../../parts/use-action.ts";
import { blockPerson } from "../../state/blocks.ts";
import { acceptConversation, leaveConversation } from "../../state/conversations.ts";
import { partnerIn } from "../../state/inbox.ts";
import { go } from "../../state/route.ts";
import { TalkRefused } from "./refusal-words.tsx";

/** Stands where one would write until a request or an invitation is accepted. Blocking declines it too. */
export function RequestBar({ conversation }: { conversation: ConversationDto }) {
  const inviter = conversation.invitedBy ?? partnerIn(conversation);
  const isGroup = conversation.kind === "group";
  const name = inviter?.displayName ?? nameOf(conversation);
  const title = isGroup ? ti("inviteTitle", { name: isolated(name), group: isolated(nameOf(conversation)) }) : ti("requestTitle", { name });
  const decide = useAction(async (choice: "accept" | "decline" | "block") => {
    if (choice === "accept") return acceptConversation(conversation.id);
    if (choice === "block" && inviter) await blockPerson(inviter);
    await leaveConversation(conversation.id).catch(() => undefined);
    go("/m");
  });
  return (
    <section class="request-bar" aria-label={title}>
      <p>
        <strong>{title}</strong> {ti(isGroup ? "inviteText" : "requestText")}
      </p>
      <TalkRefused refusal={decide.refusal} />
      <div class="talk-choices">
        <button type="button" class="button button-main" aria-disabled={decide.isBusy} onClick={() => void decide.act("accept")}>
          <Icon icon={Check} size={17} /> {ti("accept")}
        </button>
        <button type="button" class="button button-quiet" aria-disabled={decide.isBusy} onClick={() => void decide.act("decline")}>
          <Icon icon={Trash2} size={16} /> {ti("decline")}
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
