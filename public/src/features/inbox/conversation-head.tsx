import { Flag, Search, UserRound, Users } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { openSidePanel, reporting, shownPerson, sidePanel } from "../../shared/state/dialogs.ts";
import { isMiddle } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { SearchButton } from "../app/toolbar.tsx";
import { ConversationAvatar, nameOf, presenceOf } from "../people/conversation-face.tsx";
import { type HeadAction, HeadMenu, useHeadMenu } from "../room/head-menu.tsx";
import { LevelMenu } from "../room/level-menu.tsx";
import { currentUser } from "../session/session.ts";
import { BackToMessages } from "./back-to-messages.tsx";
import { partnerIn } from "./inbox.ts";

type HeadProps = { conversation: ConversationDto };

/** Renders avatar and name: the other member's, which opens their profile, or the group's. */
function Title({ conversation, onOpen }: HeadProps & { onOpen: (() => void) | null }) {
  const words = conversation.kind === "group" ? countedInbox("memberCount", conversation.members.length) : presenceOf(conversation);
  return (
    <>
      <ConversationAvatar conversation={conversation} />
      <div class="room-title">
        <h1>
          {onOpen ? (
            <button type="button" class="room-title-button" onClick={onOpen}>
              <bdi>{nameOf(conversation)}</bdi>
            </button>
          ) : (
            <bdi>{nameOf(conversation)}</bdi>
          )}
        </h1>
        {words && <p>{words}</p>}
      </div>
    </>
  );
}

function openProfile(conversation: ConversationDto): void {
  const partner = partnerIn(conversation);
  if (partner) shownPerson.value = partner;
}

/** The owner of a group cannot report it: that would be a report about themselves. */
const reportActions = (conversation: ConversationDto): HeadAction[] =>
  conversation.ownerId !== null && conversation.ownerId === currentUser.value?.id
    ? []
    : [
        {
          id: "report",
          icon: Flag,
          label: t("report"),
          run: () => {
            reporting.value = { kind: "conversation", id: conversation.id, who: partnerIn(conversation) ?? null };
          },
        },
      ];

function WideHead({ conversation }: HeadProps) {
  const menu = useHeadMenu();
  const isGroup = conversation.kind === "group";
  const actions = reportActions(conversation);
  return (
    <header class="room-head">
      <Title conversation={conversation} onOpen={partnerIn(conversation) ? () => openProfile(conversation) : null} />
      <SearchButton />
      <LevelMenu roomId={conversation.id} />
      {isGroup && (
        <button
          type="button"
          class="icon-button"
          aria-label={ti("members")}
          title={ti("members")}
          aria-expanded={sidePanel.value === "members"}
          onClick={() => {
            sidePanel.value = sidePanel.value === "members" ? null : "members";
          }}
        >
          <Icon icon={Users} size={19} />
        </button>
      )}
      {actions.length > 0 && <HeadMenu menu={menu} roomId={conversation.id} title={nameOf(conversation)} actions={actions} />}
    </header>
  );
}

function NarrowHead({ conversation }: HeadProps) {
  const menu = useHeadMenu();
  const who: HeadAction =
    conversation.kind === "group"
      ? { id: "members", icon: Users, label: ti("members"), run: () => openSidePanel("members") }
      : { id: "profile", icon: UserRound, label: ti("profile"), run: () => openProfile(conversation) };
  const actions: HeadAction[] = [
    who,
    { id: "search", icon: Search, label: t("search"), run: () => openSidePanel("search") },
    ...reportActions(conversation),
  ];
  return (
    <header class="room-head">
      <BackToMessages />
      <Title conversation={conversation} onOpen={partnerIn(conversation) ? () => openProfile(conversation) : menu.open} />
      <HeadMenu menu={menu} roomId={conversation.id} title={nameOf(conversation)} actions={actions} />
    </header>
  );
}

/** Shows the members of the conversation and the buttons for the side panels. */
export const ConversationHead = (props: HeadProps) => (isMiddle.value ? <WideHead {...props} /> : <NarrowHead {...props} />);
