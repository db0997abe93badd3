import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { LogView } from "../message-list/list-view.ts";
import type { OpenRoom } from "../room/open-room.ts";

/** What is open over a message, and beside what; without a place it comes as a sheet from below. */
export type Over = { kind: "actions" | "emoji" | "history"; message: LiveMessageDto; beside: DOMRect | null; row: HTMLElement | null };

/** What the parts of a talk share: the room, its view, and which message is at hand. */
export type ConversationParts = {
  readonly room: OpenRoom;
  readonly view: LogView;
  readonly hovered: Signal<string | null>;
  readonly focused: Signal<string | null>;
  readonly over: Signal<Over | null>;
};

export const conversationParts = (room: OpenRoom, view: LogView): ConversationParts => ({
  ...{ room, view },
  hovered: signal<string | null>(null),
  focused: signal<string | null>(null),
  over: signal<Over | null>(null),
});

export const ConversationContext = createContext<ConversationParts | null>(null);

/** @throws Error outside a talk */
export function useConversationParts(): ConversationParts {
  const parts = useContext(ConversationContext);
  if (!parts) throw new Error("no talk around this part");
  return parts;
}
