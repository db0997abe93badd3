import type { ErrorData } from "../../utils/contract/errors.ts";
import type { RestrictionDto } from "../../utils/contract/schemas/auth.ts";
import { AppError } from "../../utils/errors.ts";
import type { Actor, Restriction, ScopedRestriction } from "../actor.ts";
import { allOf, granted, rejected, type Verdict } from "../authorize.ts";
import { longest, type RestrictionRow, toRestriction } from "./restrictions.ts";

/** The part of a room that determines which restrictions apply in it. */
type Place = { readonly id: string; readonly lounge: { readonly id: string } | null };

/** Returns a restriction in API format, as errors and the caller's own profile contain it. */
export const presentRestriction = ({ actionId, until, rule }: Restriction): RestrictionDto => ({
  actionId,
  until: until?.toISOString() ?? null,
  rule,
});

const rejectedByMute = (mute: Restriction): Verdict => rejected("muted", presentRestriction(mute));

/** Where banned users see what was decided, and appeal. */
const APPEAL_URL = "/me/moderation";

/** Returns the data of the error `banned`. */
export const banData = (ban: Restriction): ErrorData => ({ ...presentRestriction(ban), appealUrl: APPEAL_URL });

const rejectedByBan = (ban: Restriction): Verdict => rejected("banned", banData(ban));

const appliesIn = ({ scope }: ScopedRestriction, { id, lounge }: Place): boolean =>
  scope.kind === "site" || (scope.kind === "room" ? scope.id === id : lounge !== null && scope.id === lounge.id);

/** Returns the restriction of a kind that applies in a room and lasts longest, or null. */
const restrictionIn = ({ restrictions }: Pick<Actor, "restrictions">, room: Place, kind: ScopedRestriction["kind"]) =>
  restrictions.length === 0 ? null : longest(restrictions.filter((one) => one.kind === kind && appliesIn(one, room)));

/** Whether a user may do anything beyond what is allowed to banned users. */
export const mayAct = ({ ban }: Pick<Actor, "ban">): Verdict => (ban === null ? granted : rejectedByBan(ban));

/** Whether a user may be in a room: not while they are banned from it or its lounge, or were just removed from it. */
export function mayBeIn(actor: Pick<Actor, "restrictions">, room: Place): Verdict {
  const ban = restrictionIn(actor, room, "ban");
  return ban === null ? granted : rejectedByBan(ban);
}

/** Whether a user may write anywhere on the site. */
export const mayWrite = ({ mute }: Pick<Actor, "mute">): Verdict => (mute === null ? granted : rejectedByMute(mute));

/** Returns the mute of a user in a room that lasts longest, or null. */
export const muteIn = (actor: Pick<Actor, "mute" | "restrictions">, room: Place): Restriction | null =>
  longest([actor.mute, restrictionIn(actor, room, "mute")].flatMap((one) => one ?? []));

/** Whether a user may send messages and typing events in a room. */
export function mayWriteIn(actor: Pick<Actor, "mute" | "restrictions" | "hasVerifiedPhone">, room: Place): Verdict {
  const mute = muteIn(actor, room);
  const needsPhone = !actor.hasVerifiedPhone && restrictionIn(actor, room, "require_phone") !== null;
  return allOf(mute === null ? granted : rejectedByMute(mute), needsPhone ? rejected("room_requires_phone") : granted);
}

/** Returns the error of a user whose write the database rejected because of one of these restrictions; null without any. */
export function restrictionError(rows: readonly RestrictionRow[]): AppError | null {
  const all = rows.map(toRestriction);
  const of = (kind: ScopedRestriction["kind"]) => longest(all.filter((one) => one.kind === kind));
  const ban = of("ban");
  const mute = of("mute");
  if (ban !== null) return new AppError("banned", banData(ban));
  if (mute !== null) return new AppError("muted", presentRestriction(mute));
  return all.length > 0 ? new AppError("room_requires_phone") : null;
}
