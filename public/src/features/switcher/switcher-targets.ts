import type { IconNode } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { conversationPath, go } from "../../shared/state/route.ts";
import { comparable, comparableInput } from "../../shared/text/comparable.ts";
import { type Person, writeTo } from "../inbox/conversations.ts";
import { conversations, conversationWith } from "../inbox/inbox.ts";
import { addressPath, languageName, openRooms, type RoomAddress } from "../lobby/lounges.ts";
import { nameOf } from "../people/conversation-face.tsx";
import { ranker } from "./ranking.ts";

/** A command in the switcher, as opposed to a room or a user. */
export type Command = { readonly id: string; readonly icon: IconNode; readonly label: string; readonly run: () => void };

export type Target =
  | { kind: "place"; id: string; place: RoomAddress }
  | { kind: "conversation"; id: string; conversation: ConversationDto }
  | { kind: "person"; id: string; person: Person }
  | { kind: "command"; id: string; command: Command };

const MOST = 60;

const wordsFor = ({ lounge, room }: RoomAddress): string =>
  [languageName(room), room.name, lounge.name, room.languageCode, room.topic].join(" ");

/** Returns rooms and conversations together: unread ones first, then recently visited ones. */
function rankedPlaces(fits: (text: string) => boolean): Target[] {
  const { compare, ofPlace, ofConversation } = ranker();
  const talks = conversations.value
    .filter((one) => fits(`${nameOf(one)} ${one.members.map((who) => who.displayName).join(" ")}`))
    .map((conversation) => ({
      rank: ofConversation(conversation),
      target: { kind: "conversation", id: conversation.id, conversation } satisfies Target,
    }));
  const places = openRooms.value
    .filter((place) => fits(wordsFor(place)))
    .map((place) => ({ rank: ofPlace(place), target: { kind: "place", id: place.room.id, place } satisfies Target }));
  return [...talks, ...places]
    .sort((a, b) => compare(a.rank, b.rank))
    .map(({ target }) => target)
    .slice(0, MOST);
}

/** Returns everything that matches a text: rooms and conversations, users without a conversation, and commands. */
export function targetsFor(wanted: string, people: readonly Person[], commands: readonly Command[]): Target[] {
  const parts = comparableInput(wanted).split(/\s+/).filter(Boolean);
  const fits = (text: string): boolean => {
    const words = comparable(text);
    return parts.every((part) => words.includes(part));
  };
  const others = people.filter((one) => !conversationWith(one.id));
  return [
    ...rankedPlaces(fits),
    ...others.map((person): Target => ({ kind: "person", id: person.id, person })),
    ...commands.filter(({ label }) => fits(label)).map((command): Target => ({ kind: "command", id: command.id, command })),
  ];
}

/**
 * Goes to a target, or runs it.
 * @param close closes the switcher; before a command runs, since it may open another dialog
 */
export async function openTarget(target: Target, close: () => void): Promise<void> {
  if (target.kind === "person") await writeTo(target.person);
  close();
  if (target.kind === "command") target.command.run();
  if (target.kind === "conversation") go(conversationPath(target.id));
  if (target.kind === "place") go(addressPath(target.place));
}
