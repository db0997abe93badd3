import { computed } from "@preact/signals";
import { openPlaces } from "../lobby/lounges.ts";
import { newsOf } from "./unread.ts";

/** What the rooms have to tell together: whether anything is unread, and how many messages name the reader. */
export const roomNews = computed(() => {
  const news = openPlaces.value.map(({ room }) => newsOf(room.id));
  return { hasNews: news.some(({ hasNews }) => hasNews), count: news.reduce((sum, { count }) => sum + count, 0) };
});
