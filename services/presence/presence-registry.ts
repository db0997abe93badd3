import type { Clock } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { PresenceDto } from "../../utils/contract/schemas/presence.ts";
import type { MemberDto, PresenceStatus } from "../../utils/contract/schemas/rooms.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { createRoomOccupancy } from "./room-occupancy.ts";

/** The last heartbeat of one device: its status, and when it arrived. */
type Device = { status: "online" | "away"; heartbeatAt: number };

/** `status` is the last published status, `savedAt` the last persisted activity. Hidden users appear offline. */
type Person = {
  author: AuthorDto;
  isHidden: boolean;
  devices: Map<string, Device>;
  status: PresenceStatus;
  lastSeenAt: number;
  savedAt: number;
  rooms: Map<string, number>;
};

/** How old the persisted activity of a present user may become; much less than the time after which users count as offline. */
const SAVE_MS = 60_000;

/** A user whose status differs from the last published one, and the rooms where they are visible. */
export type StatusChange = PresenceDto & { roomIds: string[] };

/** Users on this node, their devices, and the rooms they are in. Kept in memory; publishes nothing itself. */
export type PresenceRegistry = {
  /** Records the heartbeat of a device. */
  recordHeartbeat(author: AuthorDto, device: string, status: "online" | "away"): PresenceStatus;
  /** Removes a device, for example when its socket closes. */
  drop(userId: string, device: string): void;
  /** Counts a device as joined, regardless of its last heartbeat; true when others see the user join the room. */
  enter(author: AuthorDto, roomId: string): boolean;
  /** Counts a device as left; true when others see the user leave the room. */
  leave(userId: string, roomId: string): boolean;
  /**
   * Hides a user from all others, or shows them again; a user who is not present yet is added with this state.
   * @returns the rooms they are in, if the state changed; otherwise none
   */
  setHidden(author: AuthorDto, isHidden: boolean): string[];
  isHidden(userId: string): boolean;
  /** Returns all present users. */
  people(): { author: AuthorDto; isHidden: boolean }[];
  /** Updates the name and avatar of a present user. */
  rename(author: AuthorDto): void;
  /** Returns the visible people in a room; the counts also include only these. */
  roster(roomId: string): MemberDto[];
  onlineCount(roomId: string): number;
  /** Counts the distinct visible people in any of these rooms. */
  onlineIn(roomIds: readonly string[]): number;
  /** Counts the distinct people in any of these rooms, including hidden ones: they occupy a slot as well. */
  occupiedSlotsIn(roomIds: readonly string[]): number;
  /** Whether a user is in any of these rooms, with any device. */
  isIn(userId: string, roomIds: readonly string[]): boolean;
  /** Returns the users whose status changed since the last call: by a heartbeat, or by missing ones. */
  takeChanges(): StatusChange[];
  /** Returns the users whose status is unchanged and whose last activity was not persisted for a minute. */
  takeUnpersisted(): PresenceDto[];
};

/** Returns the status of a user from their devices: the most active one counts. */
export function statusOf(devices: Iterable<Device>, now: number): PresenceStatus {
  let status: PresenceStatus = "offline";
  for (const device of devices) {
    const silentMs = now - device.heartbeatAt;
    if (silentMs < limits.awayAfterMs && device.status === "online") return "online";
    if (silentMs < limits.offlineAfterMs) status = "away";
  }
  return status;
}

export function createPresenceRegistry(now: Clock): PresenceRegistry {
  const people = new Map<string, Person>();
  const allPeople = createRoomOccupancy();
  const visiblePeople = createRoomOccupancy();

  function person(author: AuthorDto): Person {
    const known = people.get(author.id) ?? {
      author,
      isHidden: false,
      devices: new Map(),
      status: "offline",
      lastSeenAt: now().getTime(),
      savedAt: 0,
      rooms: new Map(),
    };
    known.author = author;
    people.set(author.id, known);
    return known;
  }

  const member = (someone: Person): MemberDto => ({ ...someone.author, status: statusOf(someone.devices.values(), now().getTime()) });

  /** Returns the presence of a user, and marks it as persisted. */
  function markPersisted(someone: Person): PresenceDto {
    someone.savedAt = someone.lastSeenAt;
    return { id: someone.author.id, status: someone.status, lastSeenAt: new Date(someone.lastSeenAt).toISOString() };
  }

  /** Returns the change since the last call, or null. Users without devices and rooms are removed after their last change was returned. */
  function changeOf(someone: Person, at: number): StatusChange | null {
    const status = someone.isHidden ? "offline" : statusOf(someone.devices.values(), at);
    for (const [device, { heartbeatAt }] of someone.devices) if (at - heartbeatAt >= limits.offlineAfterMs) someone.devices.delete(device);
    if (someone.devices.size === 0 && someone.rooms.size === 0) people.delete(someone.author.id);
    if (status === someone.status) return null;
    someone.status = status;
    return { ...markPersisted(someone), roomIds: [...someone.rooms.keys()] };
  }

  return {
    recordHeartbeat(author, device, status) {
      const someone = person(author);
      const at = now().getTime();
      someone.lastSeenAt = at;
      someone.devices.set(device, { status, heartbeatAt: at });
      return statusOf(someone.devices.values(), at);
    },
    drop(userId, device) {
      people.get(userId)?.devices.delete(device);
    },
    enter(author, roomId) {
      const someone = person(author);
      const devices = someone.rooms.get(roomId) ?? 0;
      someone.rooms.set(roomId, devices + 1);
      allPeople.add(roomId, author.id);
      if (!someone.isHidden) visiblePeople.add(roomId, author.id);
      return devices === 0 && !someone.isHidden;
    },
    leave(userId, roomId) {
      const someone = people.get(userId);
      const devices = someone?.rooms.get(roomId);
      if (!someone || devices === undefined) return false;
      if (devices > 1) {
        someone.rooms.set(roomId, devices - 1);
        return false;
      }
      someone.rooms.delete(roomId);
      allPeople.remove(roomId, userId);
      visiblePeople.remove(roomId, userId);
      return !someone.isHidden;
    },
    setHidden(author, isHidden) {
      const someone = person(author);
      if (someone.isHidden === isHidden) return [];
      someone.isHidden = isHidden;
      const roomIds = [...someone.rooms.keys()];
      for (const roomId of roomIds) visiblePeople[isHidden ? "remove" : "add"](roomId, author.id);
      return roomIds;
    },
    isHidden: (userId) => people.get(userId)?.isHidden === true,
    people: () => [...people.values()],
    rename(author) {
      const someone = people.get(author.id);
      if (someone) someone.author = author;
    },
    roster: (roomId) => [...visiblePeople.in(roomId)].flatMap((userId) => people.get(userId) ?? []).map(member),
    onlineCount: (roomId) => visiblePeople.in(roomId).size,
    onlineIn: visiblePeople.count,
    occupiedSlotsIn: allPeople.count,
    isIn: (userId, roomIds) => roomIds.some((roomId) => allPeople.has(roomId, userId)),
    takeUnpersisted: () =>
      [...people.values()].filter(({ isHidden, lastSeenAt, savedAt }) => !isHidden && lastSeenAt - savedAt >= SAVE_MS).map(markPersisted),
    takeChanges: () => [...people.values()].flatMap((someone) => changeOf(someone, now().getTime()) ?? []),
  };
}
