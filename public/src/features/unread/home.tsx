import "../../styles/features/inbox.css";
import "../../styles/features/home.css";
import { ArrowRight, CheckCheck, PartyPopper, ServerOff } from "lucide";
import { useEffect, useRef } from "preact/hooks";
import type { UnreadRoomDto } from "../../../../utils/contract/schemas/own-rooms.ts";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { explain, isolated, recentOf, t } from "../../locales/index.ts";
import { usePageFocus } from "../../shared/keyboard/use-page-focus.ts";
import { useRoving } from "../../shared/keyboard/use-roving.ts";
import { goInstead, isFirstEntry } from "../../shared/state/route.ts";
import { isMiddle, isTouch } from "../../shared/state/settings.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { Layout } from "../app/layout.tsx";
import { TopTools } from "../app/toolbar.tsx";
import { conversationOf } from "../inbox/inbox.ts";
import { languageName, lounges } from "../lobby/lounges.ts";
import { OwnRooms } from "../lobby/room-lists.tsx";
import { lastPath } from "../lobby/visited.ts";
import { ConversationAvatar, nameOf } from "../people/conversation-face.tsx";
import { Avatar } from "../people/person.tsx";
import { addressOf } from "../room/current-room.ts";
import { goToNextUnread } from "./next-unread.ts";
import { readingOf } from "./unread.ts";
import { loadUnreadRooms, markAllRead, unreadRooms, unreadRoomsFailure, watchUnreadRooms } from "./unread-rooms.ts";

type ItemProps = { item: UnreadRoomDto };

/** Renders the name of a conversation, or of a room with its lounge: each in the direction of its own script. */
function Title({ item }: ItemProps) {
  const { roomId, languageCode, name, peer, lounge } = item;
  const conversation = conversationOf(roomId);
  if (!lounge) return <bdi class="conversation-name">{conversation ? nameOf(conversation) : peer ? shownName(peer) : name}</bdi>;
  return (
    <span class="conversation-name">
      <bdi lang={languageCode ?? undefined}>{languageName(item)}</bdi> · <bdi>{lounge.name}</bdi>
    </span>
  );
}

function Face({ item }: ItemProps) {
  const conversation = conversationOf(item.roomId);
  if (conversation) return <ConversationAvatar conversation={conversation} />;
  if (item.peer) return <Avatar who={item.peer} />;
  return (
    <span class="lounge-sign" aria-hidden="true">
      {(item.lounge?.name ?? item.name).slice(0, 1)}
    </span>
  );
}

/** Renders a room with unread messages: its name, and the last message with its author. */
function UnreadItem({ item }: ItemProps) {
  const { roomId, lounge, lastMessage } = item;
  const { unreadCount, mentionCount } = readingOf(roomId) ?? item;
  const label = mentionCount > 0 ? countedInbox("unreadMentions", mentionCount) : countedInbox("unreadMessages", unreadCount);
  return (
    <li class={lounge ? "lounge-hued" : ""} {...(lounge ? { style: { "--lounge": lounge.iconColor } } : {})}>
      <a class="conversation-link conversation-link-unread" href={addressOf(roomId)} data-unread-room={roomId}>
        <Face item={item} />
        <span class="conversation-text">
          <span class="conversation-line">
            <Title item={item} />
            <time class="conversation-time" dateTime={lastMessage.createdAt}>
              {recentOf(new Date(lastMessage.createdAt))}
            </time>
          </span>
          <span class="conversation-line">
            <span class="conversation-preview" dir="auto">
              {isolated(shownName(lastMessage.author))}: {previewOf(lastMessage.excerpt)}
            </span>
            {mentionCount > 0 ? (
              <Badge count={mentionCount} label={label} look="badge-strong" />
            ) : (
              <Badge count={unreadCount} label={label} />
            )}
          </span>
        </span>
      </a>
    </li>
  );
}

function UnreadList({ items }: { items: readonly UnreadRoomDto[] }) {
  const list = useRoving<HTMLUListElement>();
  return (
    <section aria-labelledby="since-you-left">
      <div class="home-head">
        <h2 id="since-you-left">{ti("sinceYouLeft")}</h2>
        <button type="button" class="button button-quiet" onClick={markAllRead}>
          <Icon icon={CheckCheck} size={16} /> {ti("markAllRead")}
        </button>
        <button type="button" class="button button-main" aria-keyshortcuts="N" onClick={goToNextUnread}>
          {ti("nextUnread")}
          {isTouch.value ? (
            <Icon icon={ArrowRight} size={16} />
          ) : (
            <span class="home-key" aria-hidden="true">
              N
            </span>
          )}
        </button>
      </div>
      <ul ref={list} class="inbox-list">
        {items.map((item) => (
          <UnreadItem key={item.roomId} item={item} />
        ))}
      </ul>
    </section>
  );
}

const CaughtUp = () => (
  <div class="home-done" role="status">
    <Icon icon={PartyPopper} size={26} />
    <p>
      <strong>{ti("caughtUp")}</strong>
      <span>{ti("caughtUpHint")}</span>
    </p>
  </div>
);

function Unread() {
  const items = unreadRooms.value;
  if (items === null && unreadRoomsFailure.value)
    return (
      <Notice icon={ServerOff} title={ti("unreadFailed")} text={explain(unreadRoomsFailure.value)}>
        <button type="button" class="button button-main" onClick={() => void loadUnreadRooms()}>
          {t("retry")}
        </button>
      </Notice>
    );
  if (items === null) return <Skeleton lines={4} />;
  return items.length === 0 ? <CaughtUp /> : <UnreadList items={items} />;
}

/**
 * Decides once, when the page was opened at the site's root: users without unread messages are sent to where they were last.
 * @returns whether that is still undecided
 */
function useLastPlace(): boolean {
  const isKnown = (unreadRooms.value !== null && lounges.value !== null) || unreadRoomsFailure.value !== null;
  const isUndecided = isFirstEntry.value;
  useEffect(() => {
    if (!isUndecided || !isKnown) return;
    isFirstEntry.value = false;
    const address = unreadRooms.peek()?.length === 0 ? lastPath() : null;
    if (address !== null) goInstead(address);
  }, [isUndecided, isKnown]);
  return isUndecided;
}

/** Renders what is new since the last visit, and the user's own rooms. */
export function HomeView() {
  const page = useRef<HTMLElement>(null);
  usePageFocus(page);
  useEffect(watchUnreadRooms, []);
  const isUndecided = useLastPlace();
  return (
    <Layout>
      <main ref={page} class="inbox" id="content">
        <header class="inbox-head">
          <h1>{t("home")}</h1>
          {!isMiddle.value && <TopTools />}
        </header>
        <div class="inbox-body">
          {isUndecided ? (
            <Skeleton lines={8} />
          ) : (
            <>
              <Unread />
              <div class="home-rooms">
                {/* Next to the sidebar they would only repeat its list. */}
                {(!isMiddle.value || unreadRooms.value?.length === 0) && <OwnRooms />}
                <a class="button button-quiet" href="/lounges">
                  {ti("browseLounges")}
                </a>
              </div>
            </>
          )}
        </div>
      </main>
    </Layout>
  );
}
