import { batch, type Signal } from "@preact/signals";
import type { MessageDto } from "../../../utils/contract/messages.ts";
import type { JoinedDto } from "../../../utils/contract/rooms.ts";
import { type Failure, refusalOf } from "../api.ts";
import { line, send } from "./connection.ts";
import { pulse } from "./pulse.ts";
import { applyBatch, applyJoined, applySynced, type Batch, type RoomLog, type Step } from "./room-log.ts";

const AGAIN_MS = 2_000;

/** Keeps one room's log equal to the server's. What has come while an answer is awaited waits in `waiting`. */
export type RoomSync = {
  readonly roomId: string;
  readonly log: Signal<RoomLog>;
  readonly waiting: Batch[];
  entering: Promise<void> | null;
  isSyncing: boolean;
  isClosed: boolean;
  /** Messages that were applied, whichever way they came. */
  arrived(messages: readonly MessageDto[]): void;
  entered(joined: JoinedDto, before: RoomLog): void;
  refused(code: Failure): void;
};

/** Refusals that pass by themselves. */
const passes = new Set<Failure>(["unavailable", "internal", "rate_limited", "resync"]);

async function catchUpNow(room: RoomSync): Promise<void> {
  for (let next: Step["next"] = "sync"; next === "sync" && !room.isClosed; ) {
    const answer = await send("sync_room", { roomId: room.roomId, afterSeq: room.log.value.head });
    const step = applySynced(room.log.value, answer);
    batch(() => {
      room.log.value = step.log;
      room.arrived(answer.messages);
    });
    next = step.next;
    if (next === "rejoin") void enter(room);
  }
}

/** Asks for all changes after the head. When no answer comes the line is proved, and the next heartbeat shows what is missing. */
export async function catchUp(room: RoomSync): Promise<void> {
  if (room.isSyncing || room.isClosed) return;
  room.isSyncing = true;
  try {
    await catchUpNow(room);
  } catch (error) {
    const { code, retryAfterMs } = refusalOf(error);
    if (code === "network") void pulse.doubt();
    else if (passes.has(code)) setTimeout(() => void catchUp(room), retryAfterMs ?? AGAIN_MS);
    else void enter(room);
  } finally {
    room.isSyncing = false;
  }
  apply(room, []);
}

/** Applies what has come, in its order; what shows a gap has the missing part asked for. */
export function apply(room: RoomSync, news: readonly Batch[]): void {
  room.waiting.push(...news);
  if (room.entering || room.isSyncing || room.isClosed) return;
  const applied: MessageDto[] = [];
  let log = room.log.value;
  let next: Step["next"] = "nothing";
  for (let one = room.waiting.shift(); one; one = room.waiting.shift()) {
    const step = applyBatch(log, one);
    if (step.next !== "nothing") next = step.next;
    if (step.log !== log) applied.push(...one.messages);
    log = step.log;
  }
  batch(() => {
    room.log.value = log;
    room.arrived(applied);
  });
  if (next === "sync") void catchUp(room);
  if (next === "rejoin") void enter(room);
}

async function enterNow(room: RoomSync): Promise<void> {
  const before = room.log.value;
  const held = before.epoch === null ? {} : { afterSeq: before.head, epoch: before.epoch };
  try {
    const joined = await send("join_room", { roomId: room.roomId, ...held });
    batch(() => {
      room.log.value = applyJoined(room.log.value, joined);
      room.arrived(joined.messages);
      room.entered(joined, before);
    });
    if (!joined.isSnapshot && joined.hasMore) void catchUp(room);
  } catch (error) {
    const { code, retryAfterMs } = refusalOf(error);
    if (code === "network") await pulse.doubt();
    if (code === "network" || passes.has(code)) setTimeout(() => void enter(room), retryAfterMs ?? AGAIN_MS);
    else room.refused(code);
  }
}

/** Enters the room, or enters it anew after the line was lost: one answer brings all that was missed. */
export function enter(room: RoomSync): Promise<void> {
  if (room.isClosed || line.value !== "online") return Promise.resolve();
  room.entering ??= enterNow(room).finally(() => {
    room.entering = null;
    apply(room, []);
  });
  return room.entering;
}
