import type { CaseDto, ListCasesInput } from "../../../../../utils/contract/schemas/moderation/cases.ts";

/** What the queue shows: `todo` is everything that isn't decided. */
export type Filters = {
  readonly state: "todo" | NonNullable<ListCasesInput["state"]>;
  readonly kind: CaseDto["kind"] | "";
  readonly reason: CaseDto["reasons"][number]["reason"] | "";
  readonly roomId: string;
  readonly languageCode: string;
};

export const noFilters: Filters = { state: "todo", kind: "", reason: "", roomId: "", languageCode: "" };

/** Returns whether a case belongs in the list. */
export function isListed(one: CaseDto, { state, kind, reason, roomId, languageCode }: Filters): boolean {
  if (state === "todo" ? one.state === "resolved" : one.state !== state) return false;
  if (kind !== "" && one.kind !== kind) return false;
  if (reason !== "" && !one.reasons.some((each) => each.reason === reason)) return false;
  return (roomId === "" || one.roomId === roomId) && (languageCode === "" || one.languageCode === languageCode);
}

const isDecided = ({ state }: CaseDto): boolean => state === "resolved";

/** Child safety always comes first; then the highest score, and the oldest case. */
function compareCases(a: CaseDto, b: CaseDto): number {
  if (isDecided(a) !== isDecided(b)) return isDecided(a) ? 1 : -1;
  return b.score - a.score || a.createdAt.localeCompare(b.createdAt) || a.number - b.number;
}

/** Adds or replaces a case; an outdated version of a known case changes nothing. A case that is no longer listed is removed. */
export function withCase(cases: readonly CaseDto[], next: CaseDto, filters: Filters): readonly CaseDto[] {
  const known = cases.find(({ id }) => id === next.id);
  if (known && known.version > next.version) return cases;
  const others = cases.filter(({ id }) => id !== next.id);
  if (!isListed(next, filters)) return known ? others : cases;
  // A case in its place stays there, so that nothing moves under the pointer when a moderator claims it.
  if (known && compareCases(known, next) === 0) return cases.map((one) => (one === known ? next : one));
  return [...others, next].sort(compareCases);
}

/** Adds a page of cases, of which some may be known in a newer version. */
export const withPage = (cases: readonly CaseDto[], page: readonly CaseDto[], filters: Filters): readonly CaseDto[] =>
  page.reduce((all, one) => withCase(all, one, filters), cases);

/** Returns the case after or before another one; the first one if there is none, null at the end. */
export function neighbour(cases: readonly CaseDto[], id: string | null, step: 1 | -1): CaseDto | null {
  const at = cases.findIndex((one) => one.id === id);
  if (at < 0) return cases[0] ?? null;
  return cases[at + step] ?? null;
}
