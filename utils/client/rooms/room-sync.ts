import type { MessageDto } from "../../contract/schemas/messages.ts";
import type { JoinedDto } from "../../contract/schemas/rooms.ts";
import { type ApiError, isRetryable, toApiError } from "../api-error.ts";
import type { Random } from "../connection/backoff.ts";
import type { Send } from "../connection/command.ts";
import { createRetries, type Retries } from "../connection/retries.ts";
import type { RunBatched, Value } from "../observable.ts";
import { applyBatch, applyJoined, applySynced, type Batch, type RoomLog, type Step } from "./room-log.ts";

/** The connection as a room uses it. */
export type RoomConnection = {
  readonly send: Send;
  isOnline(): boolean;
  /** Checks the connection after a missing ack. */
  probe(): Promise<void>;
  readonly runBatched: RunBatched;
  /** Randomizes the retry delays. Defaults to `Math.random`. */
  readonly random?: Random;
};

/** Keeps one room's log in sync with the server. Batches that arrive while an ack is pending are queued in `waiting`. */
export type RoomSync = {
  readonly roomId: string;
  readonly connection: RoomConnection;
  readonly log: Value<RoomLog>;
  readonly waiting: Batch[];
  entering: Promise<void> | null;
  isSyncing: boolean;
  isClosed: boolean;
  readonly retries: Retries;
  /** Called with all applied messages, whether they arrived in an event or in an ack. */
  arrived(messages: readonly MessageDto[]): void;
  entered(joined: JoinedDto, before: RoomLog): void;
  rejected(error: ApiError): void;
};

type Parts = Pick<RoomSync, "roomId" | "connection" | "log" | "arrived" | "entered" | "rejected">;

export const createRoomSync = (parts: Parts): RoomSync => ({
  ...parts,
  waiting: [],
  entering: null,
  isSyncing: false,
  isClosed: false,
  retries: createRetries(parts.connection.random ?? Math.random),
});

/** Schedules a retry. At most one is scheduled per room, whatever failed last. */
const tryLater = (room: RoomSync, run: (room: RoomSync) => Promise<void>, { retryAfterMs }: ApiError): unknown =>
  room.retries.later(room.roomId, () => void run(room), retryAfterMs);

async function catchUpNow(room: RoomSync): Promise<void> {
  for (let next: Step["next"] = "sync"; next === "sync" && !room.isClosed; ) {
    const ack = await room.connection.send("sync_room", { roomId: room.roomId, afterSeq: room.log.value.head });
    room.retries.answered(room.roomId);
    const step = applySynced(room.log.value, ack);
    room.connection.runBatched(() => {
      room.log.value = step.log;
      room.arrived(ack.messages);
    });
    next = step.next;
    if (next === "rejoin") void enter(room);
  }
}

/** Requests all changes after the head. If there is no ack, the connection is checked, and the next heartbeat reveals missing changes. */
export async function catchUp(room: RoomSync): Promise<void> {
  if (room.isSyncing || room.isClosed) return;
  room.isSyncing = true;
  try {
    await catchUpNow(room);
  } catch (error) {
    const apiError = toApiError(error);
    if (apiError.code === "network") void room.connection.probe();
    else if (isRetryable(apiError)) tryLater(room, catchUp, apiError);
    else void enter(room);
  } finally {
    room.isSyncing = false;
  }
  apply(room, []);
}

/** Applies queued batches in order. If there is a gap, requests the missing changes. */
export function apply(room: RoomSync, batches: readonly Batch[]): void {
  room.waiting.push(...batches);
  if (room.entering || room.isSyncing || room.isClosed) return;
  const applied: MessageDto[] = [];
  let log = room.log.value;
  let next: Step["next"] = "nothing";
  for (let batch = room.waiting.shift(); batch; batch = room.waiting.shift()) {
    const step = applyBatch(log, batch);
    if (step.next !== "nothing") next = step.next;
    if (step.log !== log) applied.push(...batch.messages);
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
  const known = before.epoch === null ? {} : { afterSeq: before.head, epoch: before.epoch };
  try {
    const joined = await room.connection.send("join_room", { roomId: room.roomId, ...known });
    room.retries.answered(room.roomId);
    room.connection.runBatched(() => {
      room.log.value = applyJoined(room.log.value, joined);
      room.arrived(joined.messages);
      room.entered(joined, before);
    });
    if (!joined.isSnapshot && joined.hasMore) void catchUp(room);
  } catch (error) {
    const apiError = toApiError(error);
    if (apiError.code === "network") await room.connection.probe();
    if (apiError.code === "network" || isRetryable(apiError)) tryLater(room, enter, apiError);
    else room.rejected(apiError);
  }
}

/** Joins the room, or rejoins it after a reconnection; the ack contains all missed changes. */
export function enter(room: RoomSync): Promise<void> {
  if (room.isClosed || !room.connection.isOnline()) return Promise.resolve();
  room.entering ??= enterNow(room).finally(() => {
    room.entering = null;
    apply(room, []);
  });
  return room.entering;
}
