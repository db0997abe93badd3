import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { conversationPath, path } from "../../shared/state/route.ts";
import { addressPath, type RoomAddress } from "../lobby/lounges.ts";
import { isOwn, isWaiting } from "../lobby/own-rooms.ts";
import { visitedPaths } from "../lobby/visited.ts";
import { countOf, isMentionedIn } from "../unread/unread.ts";

/** The sort key of a target, most important first: mentions, unread, the last visit, own rooms. */
type Rank = readonly [mentions: number, unread: number, visit: number, own: number];

const compare = (a: Rank, b: Rank): number => {
  const at = a.findIndex((value, place) => value !== b[place]);
  return at < 0 ? 0 : (b[at] ?? 0) - (a[at] ?? 0);
};

/** Ranks rooms and conversations for the switcher: unread ones, then recently visited ones. The open one is never first. */
export function ranker() {
  const visited = visitedPaths();
  const visit = (address: string): number => {
    const at = visited.indexOf(address);
    return at < 0 || address === path.peek() ? -1 : visited.length - at;
  };
  const ofPlace = (place: RoomAddress): Rank => [
    Number(isMentionedIn(place.room.id)),
    Number(isWaiting(place.room.id)),
    visit(addressPath(place)),
    Number(isOwn(place.room.id)),
  ];
  const ofConversation = ({ id, mentionCount }: ConversationDto): Rank => [
    Number(countOf(id) > 0 && mentionCount > 0),
    Number(countOf(id) > 0),
    visit(conversationPath(id)),
    1,
  ];
  return { compare, ofPlace, ofConversation };
}
