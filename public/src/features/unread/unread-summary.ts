import { computed } from "@preact/signals";
import { openRooms } from "../lobby/lounges.ts";
import { unreadOf } from "./unread.ts";

/** The summary of all rooms: whether anything is unread, and how many messages mention the user. */
export const unreadSummary = computed(() => {
  const summaries = openRooms.value.map(({ room }) => unreadOf(room.id));
  return { hasNews: summaries.some(({ hasNews }) => hasNews), count: summaries.reduce((sum, { count }) => sum + count, 0) };
});
