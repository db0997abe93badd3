import type { Clock } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import type { PresenceDto } from "../../utils/contract/schemas/presence.ts";
import type { MemberDto, PresenceStatus } from "../../utils/contract/schemas/rooms.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { createRoomOccupancy } from "./room-occupancy.ts";

/** One device's last word: what it said, and when. */
type Device = { status: "online" | "away"; beatAt: number };

/** `status` is what was told last, `savedAt` the sign of life that was written down last. Who is hidden seems to be gone. */
type Person = {
  author: AuthorDto;
  isHidden: boolean;
  devices: Map<string, Device>;
  status: PresenceStatus;
  lastSeenAt: number;
  savedAt: number;
  rooms: Map<string, number>;
};

/** How old the written sign of life of somebody present may become; far less than the silence that counts as being gone. */
const SAVE_MS = 60_000;

/** Somebody whose status is not what was told before, and the rooms where they can be seen. */
export type StatusChange = PresenceDto & { roomIds: string[] };

/** Who is here, on this node: people, their devices, and the rooms they are in. Kept in memory; tells nobody by itself. */
export type PresenceRegistry = {
  /** Notes a device's sign of life. */
  recordHeartbeat(author: AuthorDto, device: string, status: "online" | "away"): PresenceStatus;
  /** Forgets a device, as when its socket closes. */
  drop(userId: string, device: string): void;
  /** Counts a device in, however long it was silent; true when others see somebody come who was not in the room before. */
  enter(author: AuthorDto, roomId: string): boolean;
  /** Counts a device out; true when others see that the person is gone from the room. */
  leave(userId: string, roomId: string): boolean;
  /**
   * Hides somebody from all others, or shows them again; who is not here yet comes in so.
   * @returns the rooms they are in, where that is news; otherwise none
   */
  setHidden(author: AuthorDto, isHidden: boolean): string[];
  isHidden(userId: string): boolean;
  /** Everybody here, as they were told to be. */
  people(): { author: AuthorDto; isHidden: boolean }[];
  /** Gives somebody who is here another name or picture. */
  rename(author: AuthorDto): void;
  /** Those in a room who are to be seen; the counts are of them too. */
  roster(roomId: string): MemberDto[];
  onlineCount(roomId: string): number;
  /** Different people to be seen in any of these rooms. */
  onlineIn(roomIds: readonly string[]): number;
  /** Different people in any of these rooms, hidden ones included: they take a place as well. */
  occupiedSlotsIn(roomIds: readonly string[]): number;
  /** Whether somebody is in any of these rooms, by whatever device. */
  isIn(userId: string, roomIds: readonly string[]): boolean;
  /** Whose status changed since the last call: by their own word, or by silence. */
  takeChanges(): StatusChange[];
  /** Who is still here as before, and whose last sign of life was not taken for a minute. */
  takeUnpersisted(): PresenceDto[];
};

/** The status that a person's devices add up to: the liveliest one counts. */
export function statusOf(devices: Iterable<Device>, now: number): PresenceStatus {
  let status: PresenceStatus = "offline";
  for (const device of devices) {
    const silentMs = now - device.beatAt;
    if (silentMs < limits.awayAfterMs && device.status === "online") return "online";
    if (silentMs < limits.offlineAfterMs) status = "away";
  }
  return status;
}

export function createPresenceRegistry(now: Clock): PresenceRegistry {
  const people = new Map<string, Person>();
  const [everybody, inSight] = [createRoomOccupancy(), createRoomOccupancy()];

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

  /** A person as they are written down now. */
  function seen(someone: Person): PresenceDto {
    someone.savedAt = someone.lastSeenAt;
    return { id: someone.author.id, status: someone.status, lastSeenAt: new Date(someone.lastSeenAt).toISOString() };
  }

  /** The change since the last call, or null. Somebody gone from everywhere is forgotten once that was told. */
  function changeOf(someone: Person, at: number): StatusChange | null {
    const status = someone.isHidden ? "offline" : statusOf(someone.devices.values(), at);
    for (const [device, { beatAt }] of someone.devices) if (at - beatAt >= limits.offlineAfterMs) someone.devices.delete(device);
    if (someone.devices.size === 0 && someone.rooms.size === 0) people.delete(someone.author.id);
    if (status === someone.status) return null;
    someone.status = status;
    return { ...seen(someone), roomIds: [...someone.rooms.keys()] };
  }

  return {
    recordHeartbeat(author, device, status) {
      const someone = person(author);
      const at = now().getTime();
      someone.lastSeenAt = at;
      someone.devices.set(device, { status, beatAt: at });
      return statusOf(someone.devices.values(), at);
    },
    drop(userId, device) {
      people.get(userId)?.devices.delete(device);
    },
    enter(author, roomId) {
      const someone = person(author);
      const devices = someone.rooms.get(roomId) ?? 0;
      someone.rooms.set(roomId, devices + 1);
      everybody.add(roomId, author.id);
      if (!someone.isHidden) inSight.add(roomId, author.id);
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
      everybody.remove(roomId, userId);
      inSight.remove(roomId, userId);
      return !someone.isHidden;
    },
    setHidden(author, isHidden) {
      const someone = person(author);
      if (someone.isHidden === isHidden) return [];
      someone.isHidden = isHidden;
      const roomIds = [...someone.rooms.keys()];
      for (const roomId of roomIds) inSight[isHidden ? "remove" : "add"](roomId, author.id);
      return roomIds;
    },
    isHidden: (userId) => people.get(userId)?.isHidden === true,
    people: () => [...people.values()],
    rename(author) {
      const someone = people.get(author.id);
      if (someone) someone.author = author;
    },
    roster: (roomId) => [...inSight.in(roomId)].flatMap((userId) => people.get(userId) ?? []).map(member),
    onlineCount: (roomId) => inSight.in(roomId).size,
    onlineIn: inSight.count,
    occupiedSlotsIn: everybody.count,
    isIn: (userId, roomIds) => roomIds.some((roomId) => everybody.has(roomId, userId)),
    takeUnpersisted: () =>
      [...people.values()].filter(({ isHidden, lastSeenAt, savedAt }) => !isHidden && lastSeenAt - savedAt >= SAVE_MS).map(seen),
    takeChanges: () => [...people.values()].flatMap((someone) => changeOf(someone, now().getTime()) ?? []),
  };
}
