import type { Actor, Restriction, ScopedRestriction } from "../actor.ts";

/** A restriction as the database returns it in JSON. */
export type RestrictionRow = {
  readonly id: string;
  readonly kind: "mute" | "kick" | "ban_room" | "ban_lounge" | "ban_site" | "require_phone";
  readonly scopeKind: "room" | "lounge" | "site";
  readonly scopeId: string | null;
  readonly rule: string;
  readonly until: string | null;
};

/** The condition under which an action `a` is a restriction of its user. It must match the index `moderation_actions_restrictions_idx`. */
export const IS_RESTRICTION = `a.kind IN ('mute', 'kick', 'ban_room', 'ban_lounge', 'ban_site', 'require_phone') AND a.reverted_at IS NULL
  AND a.user_id IS NOT NULL`;

/** The columns of an action `a`, as `RestrictionRow` in JSON. */
export const RESTRICTION_JSON = `jsonb_build_object(
  'id', a.id, 'kind', a.kind, 'scopeKind', a.scope_kind, 'scopeId', a.scope_id, 'rule', a.rule, 'until', a.expires_at)`;

const kinds = { mute: "mute", kick: "ban", ban_room: "ban", ban_lounge: "ban", ban_site: "ban", require_phone: "require_phone" } as const;

export const toRestriction = ({ id, kind, scopeKind, scopeId, rule, until }: RestrictionRow): ScopedRestriction => ({
  actionId: id,
  kind: kinds[kind],
  scope: { kind: scopeKind, id: scopeId },
  rule,
  until: until === null ? null : new Date(until),
});

const endOf = ({ until }: Restriction): number => until?.getTime() ?? Number.POSITIVE_INFINITY;

/** Returns the restriction that lasts longest, or null. */
export const longest = <One extends Restriction>(restrictions: readonly One[]): One | null =>
  restrictions.reduce<One | null>((found, one) => (found === null || endOf(one) > endOf(found) ? one : found), null);

const plain = (found: ScopedRestriction | null): Restriction | null =>
  found && { actionId: found.actionId, until: found.until, rule: found.rule };

/** Sorts the active restrictions of a user into the fields of an actor. */
export function toRestrictions(rows: readonly RestrictionRow[]): Pick<Actor, "ban" | "mute" | "restrictions"> {
  const all = rows.map(toRestriction);
  const onSite = (kind: ScopedRestriction["kind"]) => all.filter((one) => one.scope.kind === "site" && one.kind === kind);
  const isOther = ({ kind, scope }: ScopedRestriction): boolean => scope.kind !== "site" || kind === "require_phone";
  return { ban: plain(longest(onSite("ban"))), mute: plain(longest(onSite("mute"))), restrictions: all.filter(isOther) };
}
