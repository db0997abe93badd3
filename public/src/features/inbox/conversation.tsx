import "../../styles/features/inbox.css";
import { MessageCircleOff } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { explain } from "../../locales/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Side } from "../../shared/ui/side.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { Layout } from "../app/layout.tsx";
import { isBlocked, unblockPerson } from "../people/blocks.ts";
import { nameOf } from "../people/conversation-face.tsx";
import { ConversationView, useConversationView } from "../room/conversation-view.tsx";
import { RoomStatus } from "../room/room-status.tsx";
import { ConversationHead } from "./conversation-head.tsx";
import { GroupPanel } from "./group-panel.tsx";
import { conversationOf, partnerIn } from "./inbox.ts";
import { isDropped, lookUp } from "./inbox-load.ts";
import { Receipts } from "./receipts.tsx";
import { Invitation } from "./requests/invitation.tsx";
import { RequestBar } from "./requests/request-bar.tsx";

/** Whether the other member does not accept messages; a mute is shown by the composer. */
const isClosed = ({ me }: ConversationDto): boolean => me.state === "active" && !me.canSend && me.mutedUntil === null;

/** Whether the single message of a request was sent: it may have been deleted since, or await review. */
const hasAsked = (conversation: ConversationDto): boolean => conversation.lastMessage !== null || isClosed(conversation);

/** Whether a status replaces the composer. */
function isHeldUp(conversation: ConversationDto): boolean {
  const partner = partnerIn(conversation);
  if (!partner) return false;
  if (conversation.waitsForAcceptance) return hasAsked(conversation);
  return isBlocked(partner.id) || isClosed(conversation);
}

/** Explains why the user cannot, or cannot yet, send more messages. */
function Waiting({ conversation }: { conversation: ConversationDto }) {
  const partner = partnerIn(conversation);
  const unblock = useAction(() => (partner ? unblockPerson(partner.id) : Promise.resolve()));
  const name = nameOf(conversation);
  if (partner && isBlocked(partner.id))
    return (
      <div class="conversation-note">
        <p>{ti("blockedByMe", { name })}</p>
        <button type="button" class="text-button" onClick={() => void unblock.act()}>
          {ti("unblock")}
        </button>
      </div>
    );
  if (!conversation.waitsForAcceptance && partner && isClosed(conversation))
    return (
      <div class="conversation-note" role="status">
        <p>
          <strong>{explain("cannot_message")}</strong> {ti("cannotMessageNext")}
        </p>
      </div>
    );
  if (!conversation.waitsForAcceptance) return null;
  const hasWritten = hasAsked(conversation);
  return (
    <div class="conversation-note" role="status">
      <p>
        {hasWritten && <strong>{ti("waiting", { name })}. </strong>}
        {hasWritten ? ti("waitingText", { name }) : ti("waitingFirst", { name })}
      </p>
    </div>
  );
}

function OpenConversation({ conversation }: { conversation: ConversationDto }) {
  const openConversation = useConversationView(conversation.id);
  const name = nameOf(conversation);
  const isRequested = conversation.me.state === "requested";
  useEffect(() => {
    // The right to send may change when the user is removed or the other member accepts.
    const { standing } = openConversation.room;
    if (standing.peek()) standing.value = conversation.me;
  }, [conversation.me.canSend, conversation.me.state]);
  return (
    <>
      <ConversationView
        {...openConversation}
        name={name}
        head={<ConversationHead conversation={conversation} />}
        foot={
          <>
            <Receipts room={openConversation.room} />
            <RoomStatus room={openConversation.room} />
          </>
        }
        {...(isRequested
          ? { instead: <RequestBar conversation={conversation} /> }
          : isHeldUp(conversation)
            ? { instead: <Waiting conversation={conversation} /> }
            : {})}
        above={<Waiting conversation={conversation} />}
      />
      {sidePanel.value === "members" && conversation.kind === "group" && (
        <Side
          title={ti("members")}
          onClose={() => {
            sidePanel.value = null;
          }}
        >
          <GroupPanel conversation={conversation} />
        </Side>
      )}
    </>
  );
}

/** Looks up a conversation that is not in the list yet; shows an error if it does not exist. */
function Missing({ roomId }: { roomId: string }) {
  const [hasLooked, setLooked] = useState(false);
  useEffect(() => {
    if (isDropped(roomId)) setLooked(true);
    else void lookUp(roomId).then(() => setLooked(true));
  }, [roomId]);
  return (
    <main class="inbox" id="content">
      {hasLooked ? (
        <Notice isPage icon={MessageCircleOff} title={ti("unknownConversation")} text={ti("unknownConversationText")}>
          <a class="button button-main" href="/m">
            {ti("toMessages")}
          </a>
        </Notice>
      ) : (
        <Skeleton lines={8} />
      )}
    </main>
  );
}

function Shown({ roomId }: { roomId: string }) {
  const conversation = conversationOf(roomId);
  if (!conversation) return <Missing roomId={roomId} />;
  const isInvitation = conversation.kind === "group" && conversation.me.state === "requested";
  return isInvitation ? <Invitation conversation={conversation} /> : <OpenConversation conversation={conversation} />;
}

/** Renders a conversation: sidebar, messages, and its members on request; for a pending group invitation, the invitation. */
export const ConversationPage = ({ roomId }: { roomId: string }) => (
  <Layout>
    <Shown key={roomId} roomId={roomId} />
  </Layout>
);
