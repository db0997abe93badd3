import type { ActionKind, ScopeDto } from "../utils/contract/schemas/moderation/actions.ts";
import type { AuthorDto } from "../utils/contract/schemas/users.ts";
import type { Rule } from "./automod/rules/rule.ts";
import type { RaidSignal } from "./raids/raid-detector.ts";
import type { Batch } from "./realtime/batch.ts";

/**
 * The events inside this process, by name. An event is published after the commit of the change. A domain that reacts to another one
 * subscribes in `compose.ts` instead of being called by it, so that imports between domains are not circular.
 */
export type DomainEvents = {
  /** Messages of a room were sent or changed: everything in (fromSeq, toSeq]. */
  roomChanged: Batch;
  /** Rows were added to `notifications`. */
  notificationsCreated: { readonly ids: readonly string[] };
  /** A user's public fields changed. Lists the rooms and users that may have seen the previous ones. */
  userChanged: { readonly user: AuthorDto; readonly roomIds: readonly string[]; readonly userIds: readonly string[] };
  /** A moderation case was opened or changed. */
  caseChanged: { readonly id: string };
  /** A guest was created. */
  guestCreated: { readonly userId: string };
  /** Counters of this node exceeded a threshold: there may be a raid. */
  raidSuspected: RaidSignal;
  /** An automatic rule flagged a message that was sent, or rejected one whose author is to be muted; `messageId` is null for the latter. */
  ruleMatched: { readonly rule: Rule; readonly userId: string; readonly messageId: string | null };
  /** A guest's call was rejected because the guest exceeded the limit of messages. */
  guestLimitExceeded: { readonly userId: string };
  /** Moderation actions were taken. */
  actionsIssued: { readonly actions: readonly ModeratedScope[] };
  /** Moderation actions were undone. */
  actionsReverted: { readonly actions: readonly ModeratedScope[] };
};

/** What subscribers need to know of a moderation action. */
export type ModeratedScope = {
  readonly id: string;
  readonly kind: ActionKind;
  /** Null for the parent of a bulk action. */
  readonly userId: string | null;
  readonly scope: ScopeDto;
  readonly expiresAt: Date | null;
};

export type DomainEventBus = {
  /** Calls the event's subscribers in the order of subscription. The error of a subscriber is logged and does not affect the others. */
  publish<Name extends keyof DomainEvents>(name: Name, payload: DomainEvents[Name]): void;
  /** Subscribers run synchronously; a longer task is started and handles its own errors. */
  subscribe<Name extends keyof DomainEvents>(name: Name, subscriber: (payload: DomainEvents[Name]) => void): void;
};

type Subscriber = (payload: never) => void;

/** Creates the event bus of one node. `onError` receives the errors of subscribers. */
export function createDomainEvents(onError: (name: keyof DomainEvents, error: unknown) => void): DomainEventBus {
  const subscribers: Record<keyof DomainEvents, Subscriber[]> = {
    roomChanged: [],
    notificationsCreated: [],
    userChanged: [],
    guestCreated: [],
    raidSuspected: [],
    caseChanged: [],
    ruleMatched: [],
    guestLimitExceeded: [],
    actionsIssued: [],
    actionsReverted: [],
  };
  return {
    publish(name, payload) {
      for (const subscriber of subscribers[name]) {
        try {
          (subscriber as (payload: DomainEvents[typeof name]) => void)(payload);
        } catch (error) {
          onError(name, error);
        }
      }
    },
    subscribe(name, subscriber) {
      subscribers[name].push(subscriber);
    },
  };
}
