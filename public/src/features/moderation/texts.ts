import type { ActionKind, HouseRule, ScopeDto, ScopeKind } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { CaseDto } from "../../../../utils/contract/schemas/moderation/cases.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { locale, t } from "../../locales/index.ts";
import type { ConsoleKey } from "../../locales/moderation/console/en.ts";
import { tc } from "../../locales/moderation/console/index.ts";
import { lounges } from "../lobby/lounges.ts";
import { roomWords } from "../room/current-room.ts";

/** The rules of the house, in the order in which forms list them. */
export const houseRules: readonly HouseRule[] = ["spam", "harassment", "inappropriate", "underage", "scam", "impersonation", "other"];

const isHouseRule = (rule: string): rule is HouseRule => houseRules.some((one) => one === rule);

/** Returns the name of a rule of the house; a rule with another name is shown as the server returned it. */
export const reasonName = (rule: string): string => (isHouseRule(rule) ? tc(`modReason_${rule}`) : rule);

export const actionName = (kind: ActionKind): string => tc(`modDid_${kind}`);

type Described = Pick<CaseDto, "state" | "outcome">;

/** Returns the state of a case, or its outcome once it has one. */
export const stateName = ({ state, outcome }: Described): string => (outcome ? tc(`modOutcome_${outcome}`) : tc(`modState_${state}`));

const roles = { guest: "guest", moderator: "moderator", admin: "admin" } as const;

export const roleName = (role: AuthorDto["role"]): string => (role === "member" ? tc("modMember") : t(roles[role]));

const MINUTE = 60_000;
const units = [
  { unit: "day", ms: 1_440 * MINUTE },
  { unit: "hour", ms: 60 * MINUTE },
  { unit: "minute", ms: MINUTE },
  { unit: "second", ms: 1_000 },
] as const;

/** Formats a duration in the largest unit of which it has at least one, rounded; null is permanent. */
export function durationName(ms: number | null): string {
  if (ms === null) return tc("modForever");
  // 24 hours are a day, but a day and a half are 36 hours.
  const { unit, ms: size } = units.find((one) => ms >= one.ms && (ms % one.ms === 0 || ms >= 3 * one.ms)) ?? units[3];
  return new Intl.NumberFormat(locale.value, { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(ms / size);
}

export const percent = (share: number): string => new Intl.NumberFormat(locale.value, { style: "percent" }).format(share);

/** Returns the name of a lounge; null if it isn't known. */
export const loungeName = (id: string | null): string | null => lounges.value?.find((one) => one.id === id)?.name ?? null;

const where: Record<ScopeKind, ConsoleKey> = { room: "modWhere_room", lounge: "modWhere_lounge", site: "modWhere_site" };

/** Returns where something applies: the name of the room or lounge, or its kind if the name isn't known. */
export function scopeName({ kind, id }: ScopeDto): string {
  const name = id === null ? null : kind === "room" ? roomWords(id) : loungeName(id);
  return name ?? tc(where[kind]);
}

/** Returns where a case comes from: a room, a lounge, or what it is about. */
export function placeName({ roomId, loungeId, target }: Pick<CaseDto, "roomId" | "loungeId" | "target">): string {
  const room = roomId === null ? null : roomWords(roomId);
  return room ?? loungeName(loungeId) ?? tc(`modTarget_${target.kind}`);
}
