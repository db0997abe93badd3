import "../../styles/features/inbox.css";
import { MessageCircle, ServerOff, Ticket } from "lucide";
import { useRef } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { explain, t } from "../../locales/index.ts";
import { usePageFocus } from "../../shared/keyboard/use-page-focus.ts";
import { isMiddle } from "../../shared/state/settings.ts";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { Layout } from "../app/layout.tsx";
import { TopTools } from "../app/toolbar.tsx";
import { NextStep } from "../room/access-cta.tsx";
import { currentUser } from "../session/session.ts";
import { ConversationLink } from "./conversation-link.tsx";
import { conversations, inbox, inboxFailure, requests } from "./inbox.ts";
import { loadInbox } from "./inbox-load.ts";
import { Requests } from "./requests/requests.tsx";
import { NewMessageButton } from "./sidebar-conversations.tsx";

/** Renders the inbox page next to the sidebar's list: pending requests and what to do next. */
function Beside() {
  return (
    <>
      {requests.value.length > 0 && (
        <section aria-labelledby="waiting-requests">
          <div class="home-head">
            <h2 id="waiting-requests">{ti("waitingRequests")}</h2>
          </div>
          <ul class="inbox-list">
            {requests.value.map((one) => (
              <ConversationLink key={one.id} conversation={one} />
            ))}
          </ul>
        </section>
      )}
      <Notice icon={MessageCircle} title={ti("pickConversation")} text={ti("pickConversationHint")}>
        {currentUser.value?.kind !== "guest" && <NewMessageButton isWide />}
      </Notice>
    </>
  );
}

function Talks() {
  if (inbox.value === null && inboxFailure.value)
    return (
      <Notice icon={ServerOff} title={ti("inboxFailed")} text={explain(inboxFailure.value)}>
        <button type="button" class="button button-main" onClick={() => void loadInbox()}>
          {t("retry")}
        </button>
      </Notice>
    );
  if (inbox.value === null) return <Skeleton lines={6} />;
  if (currentUser.value?.kind === "guest" && inbox.value.size === 0)
    return (
      <Notice icon={Ticket} title={ti("guestTitle")} text={ti("guestText")}>
        <NextStep code="account_required" />
      </Notice>
    );
  if (isMiddle.value && inbox.value.size > 0) return <Beside />;
  return (
    <>
      <Requests />
      {conversations.value.length === 0 && requests.value.length === 0 ? (
        <Notice icon={MessageCircle} title={ti("noMessages")} text={ti("noMessagesHint")}>
          <NewMessageButton isWide />
        </Notice>
      ) : (
        <ul class="inbox-list">
          {conversations.value.map((one) => (
            <ConversationLink key={one.id} conversation={one} />
          ))}
        </ul>
      )}
    </>
  );
}

/** Renders the list of all conversations. */
export function InboxView() {
  const page = useRef<HTMLElement>(null);
  usePageFocus(page);
  const isGuest = currentUser.value?.kind === "guest";
  return (
    <Layout>
      <main ref={page} class="inbox" id="content">
        <header class="inbox-head">
          <h1>{t("messages")}</h1>
          {!isMiddle.value && <TopTools />}
          {!isGuest && <NewMessageButton />}
        </header>
        <div class="inbox-body">
          <Talks />
        </div>
      </main>
    </Layout>
  );
}
