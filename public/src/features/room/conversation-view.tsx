import { useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { usePageFocus } from "../../shared/keyboard/use-page-focus.ts";
import { showing, sidePanel } from "../../shared/state/dialogs.ts";
import { wantedMessage } from "../../shared/state/route.ts";
import { Announcer } from "../app/announcer.tsx";
import { ConnectionStatus } from "../app/connection-status.tsx";
import { Composer } from "../composer/composer.tsx";
import { ConversationContext, type ConversationParts, conversationParts } from "../message/context.ts";
import { jumpToId } from "../message/jump.ts";
import { OverMessage } from "../message/overlay/message-overlay.tsx";
import { StatusMessage } from "../message/overlay/status-message.tsx";
import { finishRemovals } from "../message/pending-changes.ts";
import { Pins } from "../message/pins.tsx";
import { type LogView, viewLog } from "../message-list/list-view.ts";
import { Log } from "../message-list/message-list.tsx";
import { AccessDenied } from "./access-denied.tsx";
import { type OpenRoom, openRoom } from "./open-room.ts";
import { RoomStatus } from "./room-status.tsx";

export type OpenConversation = { room: OpenRoom; view: LogView; parts: ConversationParts };

/** Makes Esc close the side panel; if there is none, it marks the messages read and goes to the newest. */
function useEscape(view: LogView): void {
  useEffect(() => {
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || showing.value !== null || event.defaultPrevented) return;
      if (sidePanel.value !== null) {
        sidePanel.value = null;
      } else {
        view.read();
        view.newest();
      }
      document.querySelector<HTMLElement>(".composer-field")?.focus();
    };
    window.addEventListener("keydown", onEscape);
    return () => window.removeEventListener("keydown", onEscape);
  }, [view]);
}

/** Jumps to the message that the address points to, and removes it from the address. */
function useWanted({ room, view }: { room: OpenRoom; view: LogView }): void {
  useSignalEffect(() => {
    const id = wantedMessage.value;
    if (!id || room.phase.value !== "in") return;
    wantedMessage.value = null;
    history.replaceState(history.state, "", location.pathname);
    void jumpToId({ room, view }, id);
  });
}

/** Opens a room or a conversation while the view is mounted. */
export function useConversationView(roomId: string, onPeople?: (room: OpenRoom) => void): OpenConversation {
  const room = useMemo(() => openRoom(roomId), [roomId]);
  const view = useMemo(() => viewLog(room), [room]);
  const parts = useMemo(() => conversationParts(room, view), [view]);
  useEffect(
    () => () => {
      finishRemovals();
      room.close();
    },
    [room],
  );
  useWanted({ room, view });
  useSignalEffect(() => {
    if (room.phase.value === "in") onPeople?.(room);
  });
  useEscape(view);
  return { room, view, parts };
}

type TalkProps = OpenConversation & {
  name: string;
  head: ComponentChildren;
  /** Rendered between the messages and the composer. */
  foot?: ComponentChildren;
  /** Rendered above the composer. */
  above?: ComponentChildren;
  /** Replaces the composer while the user may not send. */
  instead?: ComponentChildren;
};

/** Renders what rooms and conversations have in common: a header, the messages, and the composer. */
export function ConversationView({ room, view, parts, name, head, foot, above, instead }: TalkProps) {
  const page = useRef<HTMLElement>(null);
  usePageFocus(page);
  return (
    <ConversationContext.Provider value={parts}>
      <main ref={page} class="room" id="content">
        {head}
        <ConnectionStatus room={room} />
        {room.phase.value === "refused" ? (
          <AccessDenied code={room.refusal.value?.code ?? "forbidden"} room={room} />
        ) : (
          <>
            <Log name={name} />
            <StatusMessage />
            <div class="room-foot">
              {foot ?? <RoomStatus room={room} />}
              {instead ? null : above}
            </div>
            {instead ?? (
              <Composer
                key={room.roomId}
                name={name}
                onSent={() => {
                  view.read();
                  view.newest();
                }}
              />
            )}
          </>
        )}
        <Announcer room={room} />
        <OverMessage />
      </main>
      {sidePanel.value === "pins" && <Pins />}
    </ConversationContext.Provider>
  );
}
