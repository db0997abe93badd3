import { batch, type Signal, signal } from "@preact/signals";
import type { RoomDto } from "../../../utils/contract/lounges.ts";
import type { LiveMessageDto, MessageDto } from "../../../utils/contract/messages.ts";
import type { JoinedDto, StandingDto } from "../../../utils/contract/rooms.ts";
import { ask, type Failure, refusalOf } from "../api.ts";
import { line, onConnected, onFact, send } from "./connection.ts";
import { perFrame } from "./frames.ts";
import { rooms as outboxRooms, settle } from "./outbox.ts";
import { type People, peopleOf } from "./people.ts";
import { pulse } from "./pulse.ts";
import { applyBatch, applyJoined, applyOlder, applyOwn, applySynced, type Batch, emptyLog, isLive, type RoomLog } from "./room-log.ts";
import { myself } from "./session.ts";

const OLDER = 100;
const HELD_ROOMS = 8;

/** The logs of rooms left a moment ago: coming back asks only for what was missed. */
const held = new Map<string, RoomLog>();

function hold(roomId: string, log: RoomLog): void {
  held.delete(roomId);
  held.set(roomId, log);
  const oldest = held.keys().next().value;
  if (held.size > HELD_ROOMS && oldest) held.delete(oldest);
}

/** Forgets all held rooms: another person sits here now. */
export const forgetRooms = (): void => held.clear();

export type OpenRoom = {
  readonly roomId: string;
  readonly log: Signal<RoomLog>;
  readonly phase: Signal<"entering" | "in" | "refused">;
  readonly refusal: Signal<Failure | null>;
  readonly room: Signal<RoomDto | null>;
  readonly standing: Signal<StandingDto | null>;
  readonly older: Signal<"idle" | "loading" | "failed">;
  /** How many messages the last reconnection brought; null when there is nothing to tell. */
  readonly caughtUp: Signal<number | null>;
  readonly people: People;
  loadOlder(): Promise<void>;
  close(): void;
};

const newsIn = (log: RoomLog, after: number): number => log.items.filter((one) => one.seq > after && isLive(one) && one.author.id !== myself.value?.id).length;

/** Enters a room and keeps its list equal to the server's until closed. */
export function openRoom(roomId: string): OpenRoom {
  const log = signal(held.get(roomId) ?? emptyLog);
  const phase: OpenRoom["phase"] = signal("entering");
  const refusal = signal<Failure | null>(null);
  const room = signal<RoomDto | null>(null);
  const standing = signal<StandingDto | null>(null);
  const older: OpenRoom["older"] = signal("idle");
  const caughtUp = signal<number | null>(null);
  const people = peopleOf(roomId);
  let entering: Promise<void> | null = null;
  let isSyncing = false;
  let isClosed = false;
  const waiting: Batch[] = [];

  const arrived = (messages: readonly MessageDto[]): void => {
    const live = messages.filter(isLive);
    settle(new Set(live.filter((one) => one.author.id === myself.value?.id).map((one) => one.clientMessageId)));
    people.hasWritten(new Set(live.map((one) => one.author.id)));
  };

  async function sync(): Promise<void> {
    if (isSyncing || isClosed) return;
    isSyncing = true;
    try {
      for (let next = "sync"; next === "sync"; ) {
        const answer = await send("sync_room", { roomId, afterSeq: log.value.head });
        const step = applySynced(log.value, answer);
        batch(() => {
          log.value = step.log;
          arrived(answer.messages);
        });
        next = step.next;
      }
    } catch (error) {
      if (refusalOf(error).code === "network") void pulse.doubt();
      else if (refusalOf(error).code === "not_found") void enter();
      else setTimeout(() => void sync(), refusalOf(error).retryAfterMs ?? 2_000);
    } finally {
      isSyncing = false;
    }
    apply([]);
  }

  /** Applies what has come, in order; what shows a gap waits for the answer of `sync_room`. */
  function apply(news: readonly Batch[]): void {
    waiting.push(...news);
    if (entering || isSyncing) return;
    let current = log.value;
    const applied: MessageDto[] = [];
    let next: "nothing" | "sync" | "rejoin" = "nothing";
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      const step = applyBatch(current, one);
      if (step.next !== "nothing") next = step.next;
      if (step.log !== current) applied.push(...one.messages);
      current = step.log;
    }
    batch(() => {
      log.value = current;
      arrived(applied);
    });
    if (next === "sync") void sync();
    if (next === "rejoin") void enter();
  }

  const entered = (joined: JoinedDto): void => {
    const before = log.value;
    batch(() => {
      log.value = applyJoined(before, joined);
      room.value = joined.room;
      standing.value = joined.me;
      phase.value = "in";
      refusal.value = null;
      people.reset(joined);
      arrived(joined.messages);
      if (before.epoch !== null) caughtUp.value = joined.isSnapshot ? Math.max(0, joined.lastSeq - before.head) : newsIn(log.value, before.head);
    });
    if (!joined.isSnapshot && joined.hasMore) void sync();
  };

  async function enterNow(): Promise<void> {
    const { epoch, head } = log.value;
    try {
      entered(await send("join_room", epoch === null ? { roomId } : { roomId, afterSeq: head, epoch }));
    } catch (error) {
      const { code, retryAfterMs } = refusalOf(error);
      if (code === "network") {
        await pulse.doubt();
        setTimeout(() => void enter(), 1_000);
        return;
      }
      if (retryAfterMs !== undefined || code === "unavailable" || code === "internal") {
        setTimeout(() => void enter(), retryAfterMs ?? 2_000);
        return;
      }
      batch(() => {
        refusal.value = code;
        phase.value = "refused";
      });
      held.delete(roomId);
    }
  }

  function enter(): Promise<void> {
    if (isClosed || line.value !== "online") return Promise.resolve();
    entering ??= enterNow().finally(() => {
      entering = null;
      apply([]);
    });
    return entering;
  }

  async function loadOlder(): Promise<void> {
    const { floor } = log.value;
    if (floor === 0 || older.value === "loading" || phase.value !== "in") return;
    older.value = "loading";
    try {
      const page = await ask("listMessages", `/api/chatroom/rooms/${roomId}/messages?before=${floor}&limit=${OLDER}`, { bearer: true });
      batch(() => {
        if (log.value.floor === floor) log.value = applyOlder(log.value, page.items, page.nextCursor !== null);
        older.value = "idle";
      });
    } catch {
      older.value = "failed";
    }
  }

  const batches = perFrame(apply);
  const own = (message: LiveMessageDto): void => {
    if (message.roomId === roomId) log.value = applyOwn(log.value, message);
  };
  const stops = [
    onFact("messages_changed", (fact) => {
      if (fact.roomId === roomId) batches.add(fact);
    }),
    onConnected(() => void enter()),
    pulse.onHeads((heads) => {
      if ((heads[roomId] ?? 0) > log.value.head && !entering) void sync();
    }),
  ];
  outboxRooms.delivered = own;
  outboxRooms.enter = async (wanted) => {
    if (wanted !== roomId) await send("join_room", { roomId: wanted });
    else if (phase.value !== "in" || entering) await enter();
  };
  outboxRooms.leave = (left) => {
    if (left !== roomId) void send("leave_room", { roomId: left }).catch(() => undefined);
  };
  void enter();

  return {
    ...{ roomId, log, phase, refusal, room, standing, older, caughtUp, people, loadOlder },
    close: () => {
      isClosed = true;
      for (const stop of stops) stop();
      batches.stop();
      people.close();
      if (phase.value === "in") hold(roomId, log.value);
      if (line.value === "online") void send("leave_room", { roomId }).catch(() => undefined);
    },
  };
}
