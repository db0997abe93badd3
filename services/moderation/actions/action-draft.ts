import type { Clock } from "../../../utils/clock.ts";
import type { ActionKind, ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { ModeratedScope } from "../../domain-events.ts";
import type { Batch } from "../../realtime/batch.ts";

/** An action to be issued; the permission for it has been checked. `durationMs` null means permanent, or the default of its kind. */
export type ActionDraft = {
  readonly kind: ActionKind;
  readonly userId: string | null;
  readonly messageId: string | null;
  readonly itemId: string | null;
  readonly scope: ScopeDto;
  readonly rule: string;
  readonly text: string | null;
  readonly durationMs: number | null;
  readonly caseId: string | null;
  readonly parentId: string | null;
  readonly isAutomatic: boolean;
};

/** What every action has, and what only some have. */
export type ActionFields = Pick<ActionDraft, "kind" | "scope" | "rule"> & Partial<ActionDraft>;

/** Returns a draft in which everything that is not given is null. It is by a person unless stated otherwise. */
export const draftOf = (fields: ActionFields): ActionDraft => ({
  userId: null,
  messageId: null,
  itemId: null,
  text: null,
  durationMs: null,
  caseId: null,
  parentId: null,
  isAutomatic: false,
  ...fields,
});

/** Who issues or reverts an action; a job or a rule has no actor. */
export type ActionCaller = { readonly actor?: { readonly id: string } | null; readonly requestId?: string; readonly now: Clock };

/** An action that was stored, with what must be published once it is committed. */
export type IssuedAction = ModeratedScope & {
  /** The change of the room whose message was removed. */
  readonly batch: Batch | null;
  readonly notificationIds: readonly string[];
};

/** An action that was reverted, with what must be published once it is committed. */
export type RevertedAction = IssuedAction;
