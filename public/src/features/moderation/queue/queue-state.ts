import { batch, signal } from "@preact/signals";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { onConnected } from "../../../shared/connection/connection.ts";
import { onServerEvent } from "../../../shared/connection/server-events.ts";
import { onOwnerChange } from "../../../storage.ts";
import { cacheUsers } from "../../people/user-cache.ts";
import { currentUser } from "../../session/session.ts";
import { listCases } from "../api.ts";
import { type Filters, isListed, neighbour, noFilters, withCase, withPage } from "./case-list.ts";

export const filters = signal<Filters>(noFilters);
/** The listed cases; null until the first page has loaded. */
export const cases = signal<readonly CaseDto[] | null>(null);
export const queueFailure = signal<ApiError | null>(null);
export const nextCursor = signal<string | null>(null);
/** The cases that are selected for a bulk action. */
export const selected = signal<ReadonlySet<string>>(new Set());
/** Cases with a decision here that can still be undone: they are not listed meanwhile. */
export const deciding = signal<ReadonlySet<string>>(new Set());

let asked = 0;

const queryOf = ({ state, ...rest }: Filters) => ({ ...rest, state: state === "todo" ? "" : state, limit: "50" });

function keepUsers(found: readonly CaseDto[]): void {
  cacheUsers(found.flatMap(({ subject, claimedBy }) => [subject, claimedBy].filter((who) => who !== null)));
}

async function load(cursor: string | null): Promise<void> {
  asked += 1;
  const mine = asked;
  const wanted = filters.peek();
  queueFailure.value = null;
  try {
    const page = await listCases({ ...queryOf(wanted), cursor });
    if (mine !== asked) return;
    keepUsers(page.items);
    batch(() => {
      const known = cursor === null ? [] : (cases.peek() ?? []);
      cases.value = withPage(known, page.items, wanted);
      // Decided cases come last: what remains to be done ends where they begin.
      const isEnd = wanted.state === "todo" && page.items.some(({ state }) => state === "resolved");
      nextCursor.value = isEnd ? null : page.nextCursor;
    });
  } catch (error) {
    if (mine === asked) queueFailure.value = toApiError(error);
  }
}

/** Loads the first page; known cases stay listed meanwhile. */
export const loadQueue = (): Promise<void> => load(null);

export const loadMoreCases = (): Promise<void> => load(nextCursor.peek());

/** Lists the cases that match other filters. */
export function changeFilters(change: Partial<Filters>): void {
  batch(() => {
    filters.value = { ...filters.peek(), ...change };
    cases.value = null;
    selected.value = new Set();
  });
  void loadQueue();
}

export function toggleSelected(id: string): void {
  const next = new Set(selected.peek());
  if (!next.delete(id)) next.add(id);
  selected.value = next;
}

export function setDeciding(id: string, is: boolean): void {
  const next = new Set(deciding.peek());
  if (is) next.add(id);
  else next.delete(id);
  deciding.value = next;
}

/** Applies the current state of a case, from an event or a response. */
export function applyCase(next: CaseDto): void {
  keepUsers([next]);
  const known = cases.peek();
  if (known === null) return;
  batch(() => {
    cases.value = withCase(known, next, filters.peek());
    if (selected.peek().has(next.id) && !isListed(next, filters.peek())) toggleSelected(next.id);
  });
}

/** Returns the cases as shown: without those that are being decided here. */
export const shownCases = (): readonly CaseDto[] => (cases.value ?? []).filter(({ id }) => !deciding.value.has(id));

/** Returns the next or previous shown case. */
export const caseBeside = (id: string | null, step: 1 | -1): CaseDto | null => {
  const all = cases.value ?? [];
  return neighbour(
    all.filter((one) => one.id === id || !deciding.value.has(one.id)),
    id,
    step,
  );
};

/** What is news about a case: nothing (null) if the change was made here. */
type News = "opened" | "changed" | null;
type Watcher = (next: CaseDto, news: News) => void;

/** Keeps the queue current while the console is open. `onChange` is called with every changed case. */
export function watchQueue(onChange: Watcher): () => void {
  const ends = [
    onServerEvent("case_changed", ({ case: next }) => {
      const known = cases.peek()?.find(({ id }) => id === next.id);
      applyCase(next);
      // A change that was made here is known from its response.
      const isNews = (known?.version ?? 0) < next.version && next.claimedBy?.id !== currentUser.peek()?.id;
      onChange(next, !isNews ? null : known === undefined && next.version === 1 ? "opened" : "changed");
    }),
    // Events were missed while the connection was interrupted.
    onConnected(() => void loadQueue()),
  ];
  return () => {
    for (const end of ends) end();
  };
}

onOwnerChange(() => {
  asked += 1;
  batch(() => {
    filters.value = noFilters;
    cases.value = null;
    selected.value = new Set();
    deciding.value = new Set();
  });
});
