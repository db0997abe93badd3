import type { MessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto } from "../../contract/schemas/rooms.ts";
import { type ApiError, isRetryable, toApiError } from "../api-error.ts";
import type { Random } from "../connection/backoff.ts";
import type { Send } from "../connection/command.ts";
import { createRetries, type Retries } from "../connection/retries.ts";
import type { RunBatched, Value } from "../observable.ts";
import { applyBatch, applyJoined, applySynced, type Batch, type RoomLog, type Step } from "./room-log.ts";

/** The line as a room sees it. */
export type RoomConnection = {
  readonly send: Send;
  isOnline(): boolean;
  /** Something went unanswered: prove the line. */
  probe(): Promise<void>;
  readonly runBatched: RunBatched;
  /** Spreads the retries of many clients; `Math.random` where left out. */
  readonly random?: Random;
};

/** Keeps one room's log equal to the server's. What has come while an answer is awaited waits in `waiting`. */
export type RoomSync = {
  readonly roomId: string;
  readonly connection: RoomConnection;
  readonly log: Value<RoomLog>;
  readonly waiting: Batch[];
  entering: Promise<void> | null;
  isSyncing: boolean;
  isClosed: boolean;
  readonly retries: Retries;
  /** Messages that were applied, whichever way they came. */
  arrived(messages: readonly MessageDto[]): void;
  entered(joined: JoinedDto, before: RoomLog): void;
  refused(refusal: ApiError): void;
};

type Parts = Pick<RoomSync, "roomId" | "connection" | "log" | "arrived" | "entered" | "refused">;

export const createRoomSync = (parts: Parts): RoomSync => ({
  ...parts,
  ...{ waiting: [], entering: null, isSyncing: false, isClosed: false, retries: createRetries(parts.connection.random ?? Math.random) },
});

/** One try is due at most, whatever failed last. */
const tryLater = (room: RoomSync, run: (room: RoomSync) => Promise<void>, { retryAfterMs }: ApiError): unknown =>
  room.retries.later(room.roomId, () => void run(room), retryAfterMs);

async function catchUpNow(room: RoomSync): Promise<void> {
  for (let next: Step["next"] = "sync"; next === "sync" && !room.isClosed; ) {
    const answer = await room.connection.send("sync_room", { roomId: room.roomId, afterSeq: room.log.value.head });
    room.retries.answered(room.roomId);
    const step = applySynced(room.log.value, answer);
    room.connection.runBatched(() => {
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
    const refusal = toApiError(error);
    if (refusal.code === "network") void room.connection.probe();
    else if (isRetryable(refusal)) tryLater(room, catchUp, refusal);
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
  room.connection.runBatched(() => {
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
    const joined = await room.connection.send("join_room", { roomId: room.roomId, ...held });
    room.retries.answered(room.roomId);
    room.connection.runBatched(() => {
      room.log.value = applyJoined(room.log.value, joined);
      room.arrived(joined.messages);
      room.entered(joined, before);
    });
    if (!joined.isSnapshot && joined.hasMore) void catchUp(room);
  } catch (error) {
    const refusal = toApiError(error);
    if (refusal.code === "network") await room.connection.probe();
    if (refusal.code === "network" || isRetryable(refusal)) tryLater(room, enter, refusal);
    else room.refused(refusal);
  }
}

/** Enters the room, or enters it anew after the line was lost: one answer brings all that was missed. */
export function enter(room: RoomSync): Promise<void> {
  if (room.isClosed || !room.connection.isOnline()) return Promise.resolve();
  room.entering ??= enterNow(room).finally(() => {
    room.entering = null;
    apply(room, []);
  });
  return room.entering;
}
