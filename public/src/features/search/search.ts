import { batch, computed, signal } from "@preact/signals";
import type { FoundMessageDto } from "../../../../utils/contract/schemas/search.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import type { Person } from "../inbox/conversations.ts";
import { currentUser } from "../session/session.ts";
import { type Finding, findingOf } from "./search-status.ts";

export type Wanted = { q: string; isHere: boolean; author: Person | null; from: string; to: string; hasLink: boolean };

export const nothingWanted: Wanted = { q: "", isHere: false, author: null, from: "", to: "", hasLink: false };

/** The search input and its results; kept while the user goes from result to result. */
export const wanted = signal<Wanted>(nothingWanted);
export const found = signal<readonly FoundMessageDto[]>([]);
export const phase = signal<"idle" | "searching" | "done" | "failed">("idle");
export const failure = signal<ApiError | null>(null);
export const nextCursor = signal<string | null>(null);

export const finding = computed<Finding | null>(() =>
  findingOf({
    phase: phase.value,
    code: failure.value?.code,
    count: found.value.length,
    hasMore: nextCursor.value !== null,
  }),
);

/** A short page may be empty and still have a next page; after this many, the user decides whether to continue. */
const MOST_EMPTY = 5;

let asked = 0;
let owner: string | null = null;

export const isEmpty = ({ q, author, from, to, hasLink }: Wanted): boolean =>
  q.trim() === "" && author === null && from === "" && to === "" && !hasLink;

/** Returns the first or last moment of a day in the user's time zone. */
function momentOf(day: string, isEnd: boolean): string {
  const at = new Date(`${day}T${isEnd ? "23:59:59.999" : "00:00:00.000"}`);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

function queryOf({ q, isHere, author, from, to, hasLink }: Wanted, roomId: string | null): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | null | undefined) => {
    if (value) query.set(name, value);
  };
  put("q", q.trim());
  put("roomId", isHere ? roomId : null);
  put("authorId", author?.id);
  put("from", from && momentOf(from, false));
  put("to", to && momentOf(to, true));
  put("has", hasLink ? "link" : null);
  query.set("limit", "30");
  return query.toString();
}

async function pages(query: string, mine: number): Promise<void> {
  for (let page = 0; page < MOST_EMPTY; page += 1) {
    const cursor = nextCursor.peek();
    const answer = await ask("search", `/api/chatroom/search?${query}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`, {
      bearer: true,
    });
    if (mine !== asked) return;
    batch(() => {
      found.value = [...found.peek(), ...answer.items];
      nextCursor.value = answer.nextCursor;
    });
    if (answer.items.length > 0 || answer.nextCursor === null) break;
  }
  phase.value = "done";
}

async function run(roomId: string | null): Promise<void> {
  asked += 1;
  const mine = asked;
  phase.value = "searching";
  failure.value = null;
  try {
    await pages(queryOf(wanted.peek(), roomId), mine);
  } catch (error) {
    if (mine !== asked) return;
    failure.value = toApiError(error);
    phase.value = "failed";
  }
}

/** Starts a new search and clears the previous results. */
export async function search(roomId: string | null): Promise<void> {
  owner = currentUser.peek()?.id ?? null;
  batch(() => {
    found.value = [];
    nextCursor.value = null;
    phase.value = "idle";
  });
  asked += 1;
  if (!isEmpty(wanted.peek())) await run(roomId);
}

/** Loads the page after the last one. */
export const searchOn = (roomId: string | null): Promise<void> => run(roomId);

/** Clears a previous user's search. */
export function forgetOthersSearch(): void {
  if (owner === null || owner === currentUser.peek()?.id) return;
  wanted.value = nothingWanted;
  found.value = [];
  phase.value = "idle";
}
