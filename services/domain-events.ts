import type { AuthorDto } from "../utils/contract/schemas/users.ts";
import type { Batch } from "./realtime/batch.ts";

/**
 * What happened inside this process, by event name. An event is published after the commit of what it reports. A domain that reacts to
 * another one subscribes in `compose.ts` instead of being called by it, so that imports between domains go one way only.
 */
export type DomainEvents = {
  /** Messages of a room were sent or changed: everything in (fromSeq, toSeq]. */
  roomChanged: Batch;
  /** Rows were added to `notifications`. */
  notificationsCreated: { readonly ids: readonly string[] };
  /** A person's public fields changed. Lists the rooms and people who may have seen the previous ones. */
  userChanged: { readonly user: AuthorDto; readonly roomIds: readonly string[]; readonly userIds: readonly string[] };
};

export type DomainEventBus = {
  /** Calls the event's subscribers in the order in which they subscribed. A subscriber that throws is logged and stops no other. */
  publish<Name extends keyof DomainEvents>(name: Name, payload: DomainEvents[Name]): void;
  /** Subscribers run synchronously; work that takes longer is started and handles its own errors. */
  subscribe<Name extends keyof DomainEvents>(name: Name, subscriber: (payload: DomainEvents[Name]) => void): void;
};

type Subscriber = (payload: never) => void;

/** Creates the event bus of one node. `onError` receives what a subscriber threw. */
export function createDomainEvents(onError: (name: keyof DomainEvents, error: unknown) => void): DomainEventBus {
  const subscribers: Record<keyof DomainEvents, Subscriber[]> = { roomChanged: [], notificationsCreated: [], userChanged: [] };
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
