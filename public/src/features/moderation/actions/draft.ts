import type { ActionDto, HouseRule, NewActionInput, ScopeKind } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { AuthorDto } from "../../../../../utils/contract/schemas/users.ts";
import type { Place } from "../access.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** What a moderator chooses in a form: bans of all scopes are one choice. */
export const actionChoices = ["delete_message", "warn", "mute", "kick", "ban", "wipe_messages", "require_phone", "remove_item"] as const;
export type ActionChoice = (typeof actionChoices)[number];

/** Whom and what an action concerns, and where. */
export type Target = Place & {
  readonly subject: AuthorDto | null;
  readonly messageId: string | null;
  readonly itemId: string | null;
  readonly caseId: string | null;
};

/** An action that is being written. */
export type Draft = {
  readonly choice: ActionChoice;
  readonly rule: HouseRule;
  readonly text: string;
  /** Null is permanent. */
  readonly durationMs: number | null;
  readonly scope: ScopeKind;
  readonly alsoDelete: boolean;
  readonly alsoWipe: boolean;
  readonly note: string;
};

/** The durations to choose from; null is permanent. */
export const presets: Partial<Record<ActionChoice, readonly (number | null)[]>> = {
  mute: [10 * MINUTE, HOUR, DAY, 7 * DAY, 28 * DAY],
  kick: [5 * MINUTE, HOUR, DAY],
  ban: [DAY, 7 * DAY, 30 * DAY, null],
  wipe_messages: [HOUR, DAY, 7 * DAY],
  require_phone: [7 * DAY, 30 * DAY, null],
};

const defaults: Partial<Record<ActionChoice, number | null>> = {
  mute: HOUR,
  kick: 5 * MINUTE,
  ban: 7 * DAY,
  wipe_messages: DAY,
  require_phone: null,
};

const choiceOf = (kind: ActionDto["kind"]): ActionChoice =>
  kind === "ban_room" || kind === "ban_lounge" || kind === "ban_site" ? "ban" : kind;

/**
 * Suggests a duration: the default, and for every earlier action of this kind that was not undone the next longer one.
 * @param record the actions that concern the user
 */
export function suggestedDuration(choice: ActionChoice, record: readonly Pick<ActionDto, "kind" | "revertedAt">[]): number | null {
  const choices = presets[choice];
  if (!choices) return null;
  const first = choices.indexOf(defaults[choice] ?? null);
  if (choice !== "mute" && choice !== "ban") return choices[first] ?? null;
  const earlier = record.filter(({ kind, revertedAt }) => revertedAt === null && choiceOf(kind) === choice).length;
  return choices[Math.min(first + earlier, choices.length - 1)] ?? null;
}

/** Returns the scopes that a kind of action can have, of those that the moderator may choose. */
export function scopesFor(choice: ActionChoice, allowed: readonly ScopeKind[]): ScopeKind[] {
  if (choice === "delete_message" || choice === "remove_item" || choice === "warn") return [];
  return choice === "kick" ? allowed.filter((scope) => scope !== "site") : [...allowed];
}

/** Returns the choices that make sense for a target: a message, an item, a user. */
export function choicesFor(
  { messageId, itemId, subject }: Target,
  { scopes, mayAct }: { scopes: readonly ScopeKind[]; mayAct: boolean },
): ActionChoice[] {
  if (!mayAct || subject === null) return [];
  return actionChoices.filter((choice) => {
    if (choice === "delete_message") return messageId !== null;
    if (choice === "remove_item") return itemId !== null;
    return choice === "warn" || scopesFor(choice, scopes).length > 0;
  });
}

/** Most restrictions suit a lounge; outside of lounges they apply to the whole site. */
export const defaultScope = (choice: ActionChoice, scopes: readonly ScopeKind[]): ScopeKind => {
  const possible = scopesFor(choice, scopes);
  const wanted: ScopeKind = choice === "kick" ? "room" : "lounge";
  return possible.includes(wanted) ? wanted : (possible[0] ?? scopes[0] ?? "site");
};

type Start = { readonly rule: HouseRule | undefined; readonly scopes: readonly ScopeKind[]; readonly record: readonly ActionDto[] };

export const newDraft = (choice: ActionChoice, { rule = "spam", scopes, record }: Start): Draft => ({
  choice,
  rule,
  text: "",
  durationMs: suggestedDuration(choice, record),
  scope: defaultScope(choice, scopes),
  alsoDelete: false,
  alsoWipe: false,
  note: "",
});

/** Changes the kind of action, and with it the duration and scope that it can't have. */
export function withChoice(draft: Draft, choice: ActionChoice, { scopes, record }: Omit<Start, "rule">): Draft {
  const isPossible = scopesFor(choice, scopes).includes(draft.scope);
  return {
    ...draft,
    choice,
    durationMs: suggestedDuration(choice, record),
    scope: isPossible ? draft.scope : defaultScope(choice, scopes),
  };
}

/** Whether the text is missing: the rule `other` requires one. */
export const needsText = ({ rule, text }: Pick<Draft, "rule" | "text">): boolean => rule === "other" && text.trim() === "";

const idOf = (scope: ScopeKind, { roomId, loungeId }: Place): string | null => ({ room: roomId, lounge: loungeId, site: null })[scope];

const banKinds = { room: "ban_room", lounge: "ban_lounge", site: "ban_site" } as const;

/** The fields that all actions of a draft share. */
function sharedOf({ rule, text }: Draft, { caseId }: Target): Pick<NewActionInput, "rule"> & Partial<NewActionInput> {
  return { rule, ...(text.trim() !== "" && { text: text.trim() }), ...(caseId !== null && { caseId }) };
}

function mainAction(draft: Draft, target: Target): NewActionInput[] {
  const { choice, durationMs, scope } = draft;
  const shared = sharedOf(draft, target);
  if (choice === "delete_message") return target.messageId === null ? [] : [{ ...shared, kind: choice, messageId: target.messageId }];
  if (choice === "remove_item") return target.itemId === null ? [] : [{ ...shared, kind: choice, itemId: target.itemId }];
  if (target.subject === null) return [];
  const id = idOf(scope, target);
  return [
    {
      ...shared,
      kind: choice === "ban" ? banKinds[scope] : choice,
      userId: target.subject.id,
      scope: { kind: scope, ...(id !== null && { id }) },
      ...(presets[choice] && durationMs !== null && { durationMs }),
    },
  ];
}

/** Returns the actions of a draft for a target; none if they can't be taken there. */
export function actionsOf(draft: Draft, target: Target): NewActionInput[] {
  const main = mainAction(draft, target);
  if (main.length === 0) return [];
  const deletes = draft.alsoDelete && draft.choice !== "delete_message" ? mainAction({ ...draft, choice: "delete_message" }, target) : [];
  const wipes =
    draft.alsoWipe && draft.choice !== "wipe_messages" ? mainAction({ ...draft, choice: "wipe_messages", durationMs: DAY }, target) : [];
  return [...main, ...deletes, ...wipes];
}
