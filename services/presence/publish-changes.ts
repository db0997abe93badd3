import { limits } from "../../utils/contract/limits.ts";
import type { PresenceDto } from "../../utils/contract/schemas/presence.ts";
import type { Services } from "../context.ts";
import { presenceSubscribers } from "../conversations/visibility.ts";
import { persistPresence } from "./persist-presence.ts";
import type { PresenceRegistry, StatusChange } from "./presence-registry.ts";

type Deps = Pick<Services, "pool" | "presence" | "publish">;

/** Publishes changes to users who share a conversation with the changed users, wherever they are. */
function publishToSubscribers(
  { publish }: Deps,
  changes: readonly StatusChange[],
  subscriptions: Awaited<ReturnType<typeof presenceSubscribers>>,
): void {
  const statuses = new Map(changes.map(({ roomIds: _, ...user }) => [user.id, user] as const));
  const byRecipient = new Map<string, PresenceDto[]>();
  for (const { subject, subscriber } of subscriptions) {
    const user = statuses.get(subject);
    if (user !== undefined) byRecipient.set(subscriber, [...(byRecipient.get(subscriber) ?? []), user]);
  }
  for (const [recipient, users] of byRecipient) publish.presenceChangedFor(recipient, { users });
}

/**
 * Groups changes of people who are visible in the same rooms. Large rooms are omitted: names would be expensive and of little use there.
 */
function groupByRooms(presence: PresenceRegistry, changes: readonly StatusChange[]) {
  const groups = new Map<string, { roomIds: string[]; users: PresenceDto[] }>();
  for (const { roomIds, ...user } of changes) {
    const small = roomIds.filter((roomId) => presence.onlineCount(roomId) <= limits.rosterPeople).sort();
    const group = groups.get(small.join()) ?? { roomIds: small, users: [] };
    groups.set(small.join(), group);
    group.users.push(user);
  }
  return groups.values();
}

/**
 * Changes that are not stored or published yet, by user: the latest status, and every room in which an earlier one would still be shown.
 */
function createPending() {
  const changes = new Map<string, StatusChange>();
  const activity = new Map<string, PresenceDto>();
  return {
    add(newChanges: readonly StatusChange[], newActivity: readonly PresenceDto[]): void {
      for (const change of newChanges) {
        const roomIds = new Set([...(changes.get(change.id)?.roomIds ?? []), ...change.roomIds]);
        changes.set(change.id, { ...change, roomIds: [...roomIds] });
        // The change has a newer activity, and is written instead.
        activity.delete(change.id);
      }
      for (const one of newActivity) activity.set(one.id, one);
    },
    changes: () => [...changes.values()],
    /** Returns the rows to write: a user with both a change and a later activity is written once, with the newer of both. */
    rows: (): PresenceDto[] =>
      [...new Map([...changes, ...activity]).values()].map(({ id, status, lastSeenAt }) => ({ id, status, lastSeenAt })),
    clear(): void {
      changes.clear();
      activity.clear();
    },
  };
}

/**
 * Returns the work of one interval: stores changed statuses, then publishes them, so that no published status contradicts a later read. If
 * a query fails, the changes are kept for the next interval; there is at most one per user.
 */
export function createPresencePublisher(deps: Deps): () => Promise<void> {
  const pending = createPending();
  return async () => {
    pending.add(deps.presence.takeChanges(), deps.presence.takeUnpersisted());
    await persistPresence(deps.pool, pending.rows());
    const changes = pending.changes();
    const subscriptions = await presenceSubscribers(
      deps,
      changes.map(({ id }) => id),
    );
    pending.clear();
    for (const { roomIds, users } of groupByRooms(deps.presence, changes)) deps.publish.presenceChanged(roomIds, { users });
    publishToSubscribers(deps, changes, subscriptions);
  };
}
