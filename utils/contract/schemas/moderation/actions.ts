import { z } from "zod";
import { EXAMPLE_ID, endMoment, id, messageId, moment, otherUserId, pageQuery } from "../primitives.ts";
import { author } from "../users.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** What a moderator can do about a user or a message. */
export const actionKinds = [
  "warn",
  "mute",
  "kick",
  "ban_room",
  "ban_lounge",
  "ban_site",
  "delete_message",
  "wipe_messages",
  "remove_item",
  "require_phone",
] as const;
export type ActionKind = (typeof actionKinds)[number];

/** The rules of the house, which reports and actions cite. */
export const houseRules = ["spam", "harassment", "inappropriate", "underage", "scam", "impersonation", "other"] as const;
export type HouseRule = (typeof houseRules)[number];

export const houseRule = z.enum(houseRules).meta({ description: "The rule that was broken.", examples: ["spam"] });

export const scopeKinds = ["room", "lounge", "site"] as const;
export type ScopeKind = (typeof scopeKinds)[number];

const scopeKind = z.enum(scopeKinds).meta({ description: "Whether it applies to a room, a lounge or the whole site.", examples: ["room"] });

/** Where an action, a rule or a raid mode applies. */
export const scope = z
  .object({
    kind: scopeKind,
    id: id.nullable().meta({ description: "The id of the room or lounge. Null for the whole site.", examples: [EXAMPLE_ID] }),
  })
  .describe("Where it applies.");
export type ScopeDto = z.infer<typeof scope>;

/** A scope in a request: a room or lounge needs its id, the site has none. */
export const scopeInput = z
  .strictObject({ kind: scopeKind, id: id.nullable().optional().describe("The id of the room or lounge. Omit it for the whole site.") })
  .refine((given) => (given.kind === "site") === (given.id == null), { message: "must have an id unless the kind is site", path: ["id"] })
  .meta({ examples: [{ kind: "room", id: EXAMPLE_ID }] });
export type ScopeInput = z.infer<typeof scopeInput>;

export const appealStates = ["open", "upheld", "reversed"] as const;

const appealState = z.enum(appealStates).meta({
  description: "Whether the appeal is undecided (`open`), the action stays (`upheld`), or the action was undone (`reversed`).",
  examples: ["open"],
});

export const actionText = z
  .string()
  .max(1_000)
  .meta({
    description: "The explanation for the user concerned.",
    examples: ["Advertising is not allowed in this lounge."],
  });

const actionKind = z.enum(actionKinds).meta({ description: "What was done.", examples: ["mute"] });

export const action = z
  .object({
    id: id.describe("The id of the action."),
    kind: actionKind,
    target: author.nullable().describe("The user it concerns. Null for the parent of a bulk action."),
    messageId: messageId.nullable().meta({ description: "The id of the message it concerns. Null if there is none.", examples: [null] }),
    itemId: id.nullable().meta({ description: "The id of the item it concerns. Null if there is none.", examples: [null] }),
    scope,
    rule: z.string().meta({ description: "The rule that was broken: one of the reasons of a report.", examples: ["spam"] }),
    text: actionText.nullable().meta({ description: "The explanation for the user concerned. Null if there is none.", examples: [null] }),
    caseId: id.nullable().meta({ description: "The id of the case it belongs to. Null if there is none.", examples: [null] }),
    parentId: id.nullable().meta({ description: "The id of the bulk action it belongs to. Null if there is none.", examples: [null] }),
    actor: author.nullable().meta({
      description: "The moderator. Null for an automatic action, and for the user concerned, who does not see who decided.",
      examples: [null],
    }),
    isAutomatic: z.boolean().describe("Whether a rule acted, and not a person."),
    createdAt: moment.describe("When it was done."),
    expiresAt: endMoment.nullable().describe("When it ends. Null if it is permanent, or has no duration."),
    revertedAt: moment.nullable().meta({ description: "When it was undone. Null if it was not.", examples: [null] }),
    revertedBy: author.nullable().meta({
      description: "The moderator who undid it. Null if it was not undone, and for the user concerned.",
      examples: [null],
    }),
    appeal: z
      .object({ id: id.describe("The id of the appeal."), state: appealState })
      .nullable()
      .meta({ description: "The appeal against it. Null if there is none.", examples: [null] }),
  })
  .describe("An action of a moderator or of an automatic rule.");
export type ActionDto = z.infer<typeof action>;

/** Kinds that need the user they concern. */
const userActions: readonly ActionKind[] = ["warn", "mute", "kick", "ban_room", "ban_lounge", "ban_site", "wipe_messages", "require_phone"];

/** The longest durations, in ms: a mute of 28 days; other restrictions may also be permanent. */
export const maxDurations = { mute: 28 * DAY_MS, kick: DAY_MS, wipe_messages: 30 * DAY_MS, other: 3_650 * DAY_MS } as const;

/** Defaults, in ms: how long a kick keeps a user out of the room, and which messages are wiped. */
export const defaultDurations = { kick: 5 * MINUTE_MS, wipe_messages: DAY_MS } as const;

const mostOf = (kind: ActionKind): number =>
  kind === "mute" || kind === "kick" || kind === "wipe_messages" ? maxDurations[kind] : maxDurations.other;

export const newAction = z
  .strictObject({
    kind: actionKind.meta({ description: "What to do." }),
    userId: otherUserId.optional().describe("The user it concerns. Omit it for an action about a message or an item."),
    messageId: messageId.optional().describe("The message to delete."),
    itemId: id.optional().describe("The item to remove."),
    scope: scopeInput
      .optional()
      .describe("Where it applies. By default the whole site, or the room or lounge of the message or case if the kind requires one."),
    rule: houseRule.describe("The rule that was broken. `other` requires a text."),
    text: actionText.optional(),
    durationMs: z
      .number()
      .int()
      .min(1)
      .max(maxDurations.other)
      .optional()
      .meta({
        description:
          "How long it lasts, in ms. Permanent if omitted. A `mute` requires it, at most 28 days. For `wipe_messages`: messages of this period are removed, by default of 24 hours. For `kick`: 5 minutes by default, at most a day.",
        examples: [600_000],
      }),
    caseId: id.optional().describe("The case it belongs to."),
  })
  .refine(({ kind, userId }) => !userActions.includes(kind) || userId !== undefined, {
    message: "must be given for this kind of action",
    path: ["userId"],
  })
  .refine(({ kind, messageId: given }) => kind !== "delete_message" || given !== undefined, {
    message: "must be given for this kind of action",
    path: ["messageId"],
  })
  .refine(({ kind, itemId }) => kind !== "remove_item" || itemId !== undefined, {
    message: "must be given for this kind of action",
    path: ["itemId"],
  })
  .refine(({ kind, durationMs }) => kind !== "mute" || durationMs !== undefined, {
    message: "must be given for a mute",
    path: ["durationMs"],
  })
  .refine(({ kind, durationMs }) => durationMs === undefined || durationMs <= mostOf(kind), {
    message: "must not exceed the maximum for this kind of action",
    path: ["durationMs"],
  })
  .refine(({ rule, text }) => rule !== "other" || (text !== undefined && text.trim() !== ""), {
    message: "must be given for the rule other",
    path: ["text"],
  })
  .meta({
    examples: [{ kind: "mute", userId: "01993c5e-2b3c-7e41-9f66-3d5e7f90b1c2", rule: "spam", durationMs: 600_000 }],
  });
export type NewActionInput = z.infer<typeof newAction>;

/** The most actions of one bulk action. */
export const BULK_ACTIONS = 500;

export const bulkActionsInput = z.strictObject({
  actions: z.array(newAction).min(1).max(BULK_ACTIONS).describe("The actions. They are applied together, or none of them."),
});
export type BulkActionsInput = z.infer<typeof bulkActionsInput>;

export const bulkActions = z.object({
  parent: action.describe("The bulk action. Reverting it reverts all of its actions."),
  actions: z.array(action).describe("Its actions, in the order of the request."),
});
export type BulkActionsDto = z.infer<typeof bulkActions>;

export const listActionsInput = pageQuery.extend({
  userId: otherUserId.optional().describe("Staff: returns only actions that concern this user. Everyone else gets their own."),
  kind: actionKind.optional().meta({ description: "Returns only actions of this kind." }),
  active: z
    .enum(["true", "false"])
    .optional()
    .meta({
      description: "Returns only actions that are active (`true`), or that have ended or were undone (`false`).",
      examples: ["true"],
    }),
});
export type ListActionsInput = z.infer<typeof listActionsInput>;

export const revertActionInput = z.strictObject({
  actionId: id.describe("The id of the action."),
  reason: z
    .string()
    .max(1_000)
    .optional()
    .meta({ description: "Why it is undone, for the staff.", examples: ["Wrong person."] }),
});
export type RevertActionInput = z.infer<typeof revertActionInput>;

/** `moderation_applied`: an action that concerns the user. */
export const appliedAction = z.object({
  action: action.describe("The action, without the moderator who decided."),
  canAppealUntil: endMoment.describe("Until when the user can appeal."),
});
export type AppliedActionDto = z.infer<typeof appliedAction>;
