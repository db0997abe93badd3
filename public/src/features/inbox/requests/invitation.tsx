import type { ConversationDto, ConversationMemberDto } from "../../../../../utils/contract/schemas/conversations.ts";
import { countedInbox, ti } from "../../../locales/inbox/index.ts";
import { t } from "../../../locales/index.ts";
import { isMiddle } from "../../../shared/state/settings.ts";
import { ConversationAvatar, nameOf } from "../../people/conversation-face.tsx";
import { Avatar, Mark, PersonName } from "../../people/person.tsx";
import { currentUser } from "../../session/session.ts";
import { BackToMessages } from "../back-to-messages.tsx";
import { RequestBar } from "./request-bar.tsx";

const Member = ({ who }: { who: ConversationMemberDto }) => (
  <li class={`person person-${who.status}`}>
    <span class="person-face">
      <Avatar who={who} size="sm" />
    </span>
    <span class="member-words">
      <PersonName who={who} look="person-name" />
      {who.state === "requested" && <small>{ti("invited")}</small>}
    </span>
    {who.id === currentUser.value?.id && <span class="person-you">{t("you")}</span>}
    <Mark who={who} />
  </li>
);

/** Shows a group invitation: the inviter and the members. The messages are shown once it is accepted. */
export function Invitation({ conversation }: { conversation: ConversationDto }) {
  return (
    <main class="inbox" id="content">
      <header class="room-head">
        {!isMiddle.value && <BackToMessages />}
        <ConversationAvatar conversation={conversation} />
        <div class="room-title">
          <h1>
            <bdi>{nameOf(conversation)}</bdi>
          </h1>
          <p>{countedInbox("memberCount", conversation.members.length)}</p>
        </div>
      </header>
      <div class="inbox-body">
        <RequestBar conversation={conversation} />
        <section class="people invitation-people">
          <h2 class="people-title">{ti("members")}</h2>
          <ul>
            {conversation.members.map((who) => (
              <Member key={who.id} who={who} />
            ))}
          </ul>
        </section>
      </div>
    </main>
  );
}
