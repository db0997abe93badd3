import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { LogView } from "../message-list/list-view.ts";
import type { OpenRoom } from "../room/open-room.ts";

/** What is open over a message, and its anchor; without an anchor it opens as a bottom sheet. */
export type Over = {
  kind: "actions" | "emoji" | "history" | "moderate";
  message: LiveMessageDto;
  beside: DOMRect | null;
  row: HTMLElement | null;
};

/** The state that the parts of a conversation view share: the room, its view, and the active message. */
export type ConversationParts = {
  readonly room: OpenRoom;
  readonly view: LogView;
  readonly hovered: Signal<string | null>;
  readonly focused: Signal<string | null>;
  readonly over: Signal<Over | null>;
};

export const conversationParts = (room: OpenRoom, view: LogView): ConversationParts => ({
  room,
  view,
  hovered: signal<string | null>(null),
  focused: signal<string | null>(null),
  over: signal<Over | null>(null),
});

export const ConversationContext = createContext<ConversationParts | null>(null);

/** @throws Error outside a conversation view */
export function useConversationParts(): ConversationParts {
  const parts = useContext(ConversationContext);
  if (!parts) throw new Error("no talk around this part");
  return parts;
}
