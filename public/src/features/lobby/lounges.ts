import { computed, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import type { LoungeDto, RoomDto } from "../../../../utils/contract/schemas/lounges.ts";
import { ask, type Failure, toApiError } from "../../api.ts";
import { locale } from "../../locales/index.ts";
import { compareNames, languageNames } from "../../locales/intl.ts";
import { roomPath } from "../../shared/state/route.ts";
import { currentUser, isReplacing } from "../session/session.ts";

export const lounges = signal<LoungeDto[] | null>(null);
export const loungesFailure = signal<Failure | null>(null);

const visitor = computed(() => (currentUser.value ? `${currentUser.value.id} ${currentUser.value.kind}` : "nobody"));
const loadedFor = signal<string | null>(null);

/** Whether the shown access levels were loaded for the current user and not for the previous one. */
export const isOwnView = computed(() => loadedFor.value === visitor.value);

/** The languages to offer first: the interface language, then the browser's, without regions. */
export const preferredLanguages = computed(() => [
  ...new Set([locale.value, ...navigator.languages].map((tag) => tag.split("-")[0] ?? tag)),
]);

const rank = (room: RoomDto): number => {
  const at = preferredLanguages.value.indexOf((room.languageCode ?? "").split("-")[0] ?? "");
  return at < 0 ? Number.POSITIVE_INFINITY : at;
};

/** Sorts a lounge's rooms: the user's languages first, then by online count. */
export const ordered = (rooms: readonly RoomDto[]): RoomDto[] =>
  [...rooms].sort((a, b) => {
    const rankOfA = rank(a);
    const rankOfB = rank(b);
    if (rankOfA !== rankOfB) return rankOfA - rankOfB;
    return b.onlineCount - a.onlineCount || compareNames(languageName(a), languageName(b));
  });

/** Returns a language's name in that language, such as "Español" or "日本語". */
export function languageName(room: Pick<RoomDto, "languageCode" | "name">): string {
  const code = room.languageCode;
  if (!code) return room.name;
  try {
    const own = languageNames(code).of(code);
    if (!own || own === code) return room.name;
    return own.charAt(0).toLocaleUpperCase(code) + own.slice(1);
  } catch {
    return room.name;
  }
}

/** Returns the address of a lounge's room. */
export const addressPath = ({ lounge, room }: RoomAddress): string => roomPath(lounge.slug, room.languageCode ?? "");

/** Returns a room's full name: several rooms are called "English", so the lounge is part of it. */
export const roomLabel = ({ lounge, room }: RoomAddress): string => `${languageName(room)} · ${lounge.name}`;

async function fetchAllLounges(): Promise<LoungeDto[]> {
  const found: LoungeDto[] = [];
  let cursor: string | null = null;
  do {
    const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
    const page: { items: LoungeDto[]; nextCursor: string | null } = await ask("listLounges", `/api/chatroom/lounges?limit=100${query}`, {
      bearer: true,
    });
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

/** Loads the lounges. On failure, the current list stays. */
export async function loadLounges(): Promise<void> {
  const asker = visitor.peek();
  try {
    const found = await fetchAllLounges();
    if (asker !== visitor.peek() && lounges.peek() !== null) return;
    lounges.value = found;
    loadedFor.value = asker;
    loungesFailure.value = null;
  } catch (error) {
    loungesFailure.value = toApiError(error).code;
  }
}

/** Refreshes the counts while the page is visible. Call it after the first load attempt. */
export function watchLounges(): void {
  let failures = 0;
  const again = () => {
    failures = loungesFailure.peek() === null ? 0 : failures + 1;
    const wait = lounges.peek() ? 20_000 + Math.random() * 5_000 : backoffMs(failures, { longestMs: 5_000 });
    setTimeout(async () => {
      // While the session is being replaced, the request would be unauthenticated.
      if (!document.hidden && !isReplacing()) await loadLounges();
      again();
    }, wait);
  };
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void loadLounges();
  });
  again();
}

/** Sets a room's online count from its own events, which are newer than the list. */
export function setOnlineCount(roomId: string, onlineCount: number): void {
  const known = lounges.value ?? [];
  const lounge = known.find((one) => one.rooms.some((room) => room.id === roomId && room.onlineCount !== onlineCount));
  if (!lounge) return;
  const rooms = lounge.rooms.map((room) => (room.id === roomId ? { ...room, onlineCount } : room));
  lounges.value = known.map((one) => (one === lounge ? { ...lounge, rooms } : one));
}

export type RoomAddress = { lounge: LoungeDto; room: RoomDto };

/** Returns the room at an address, once the lounges have loaded. */
export function addressOfRoom(slug: string, language: string): RoomAddress | null {
  const lounge = lounges.value?.find((one) => one.slug === slug);
  const room = lounge?.rooms.find((one) => one.languageCode?.toLowerCase() === language.toLowerCase());
  return lounge && room ? { lounge, room } : null;
}

/** Every room that the user may enter, in the order of the sidebar and of keyboard navigation. */
export const openRooms = computed<RoomAddress[]>(() =>
  (lounges.value ?? [])
    .filter((lounge) => !lounge.closedReason)
    .flatMap((lounge) => ordered(lounge.rooms).map((room) => ({ lounge, room }))),
);
