import { batch, signal } from "@preact/signals";
import type { CaseDetailDto, CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { onOwnerChange } from "../../../storage.ts";
import { cacheUsers } from "../../people/user-cache.ts";
import type { Draft } from "../actions/draft.ts";
import { claimCase, getCase, releaseCase } from "../api.ts";
import { say } from "../live-region.tsx";
import { applyCase } from "../queue/queue-state.ts";

/** The case that is open: `detail` is null until it has loaded; `isChanged` after a decision was rejected because the case had changed. */
type Opened = {
  readonly id: string;
  readonly detail: CaseDetailDto | null;
  readonly failure: ApiError | null;
  readonly isChanged: boolean;
};

export const opened = signal<Opened | null>(null);

/** Drafts of actions by case. They are kept when the case changes, and when another one is opened. */
export const drafts = signal<ReadonlyMap<string, Draft>>(new Map());

export function keepDraft(caseId: string, draft: Draft | null): void {
  const next = new Map(drafts.peek());
  if (draft) next.set(caseId, draft);
  else next.delete(caseId);
  drafts.value = next;
}

function update(id: string, change: Partial<Opened>): void {
  const now = opened.peek();
  if (now?.id === id) opened.value = { ...now, ...change };
}

/** Shows a case with everything about it, from a response. */
export function showDetail(detail: CaseDetailDto): void {
  const { evidence, record, actions } = detail;
  cacheUsers([...evidence.context.map(({ author }) => author), ...(evidence.message ? [evidence.message.author] : [])]);
  cacheUsers([...record.actions, ...actions].flatMap(({ target }) => target ?? []));
  batch(() => {
    applyCase(detail);
    update(detail.id, { detail, failure: null, isChanged: false });
  });
}

async function load(id: string): Promise<void> {
  try {
    const detail = await getCase(id);
    const known = opened.peek()?.detail;
    if (known?.id !== id || known.version <= detail.version) {
      const isChanged = opened.peek()?.isChanged ?? false;
      showDetail(detail);
      update(id, { isChanged });
    }
  } catch (error) {
    if (opened.peek()?.detail === null) update(id, { failure: toApiError(error) });
  }
}

/** Opens a case. Returns a function that closes it. */
export function openCase(id: string): () => void {
  opened.value = { id, detail: null, failure: null, isChanged: false };
  void load(id);
  return () => {
    if (opened.peek()?.id === id) opened.value = null;
  };
}

export function reloadCase(): void {
  const id = opened.peek()?.id;
  if (id === undefined) return;
  update(id, { failure: null });
  void load(id);
}

/** Applies the current state of a case everywhere; its details are loaded again if it is open. */
export function applyChange(next: CaseDto): void {
  applyCase(next);
  const now = opened.peek();
  if (now?.id !== next.id || now.detail === null || now.detail.version >= next.version) return;
  update(next.id, { detail: { ...now.detail, ...next } });
  void load(next.id);
}

const isCase = (value: unknown): value is CaseDto =>
  typeof value === "object" && value !== null && "id" in value && "version" in value && "state" in value;

/** Shows what changed, if an error says that another moderator changed the case. Drafts are kept. Returns whether it did. */
export function noteConflict(caseId: string, error: ApiError): boolean {
  if (error.code !== "case_changed") return false;
  const { case: next } = error.problem as { case?: unknown };
  if (isCase(next)) applyChange(next);
  update(caseId, { isChanged: true });
  void load(caseId);
  say(tc("modCaseChanged"));
  return true;
}

/** Claims a case, or gives up the claim. @throws ApiError other than `case_changed`, which updates the case */
export async function setClaim(one: CaseDto, isClaimed: boolean): Promise<void> {
  try {
    applyChange(await (isClaimed ? claimCase(one) : releaseCase(one)));
    say(tc(isClaimed ? "modClaimed" : "modReleased", { number: one.number }));
  } catch (error) {
    if (!noteConflict(one.id, toApiError(error))) throw error;
  }
}

onOwnerChange(() => {
  opened.value = null;
  drafts.value = new Map();
});
