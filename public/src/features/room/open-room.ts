import { batch, type Signal, signal } from "@preact/signals";
import { backoffMs } from "../../../../utils/client/connection/backoff.ts";
import { applyOlder, applyOwn, type Batch, emptyLog, isLive, type RoomLog, renamedIn } from "../../../../utils/client/rooms/room-log.ts";
import { apply, catchUp, createRoomSync, enter, type RoomConnection, type RoomSync } from "../../../../utils/client/rooms/room-sync.ts";
import type { RoomDto } from "../../../../utils/contract/schemas/lounges.ts";
import type { HeldMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { StandingDto } from "../../../../utils/contract/schemas/rooms.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import { connectionState, onConnected, pulse, send } from "../../shared/connection/connection.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { oncePerFrame } from "../../shared/state/animation-batch.ts";
import { rooms as outboxRooms, settle } from "../composer/outbox.ts";
import { createRoomHistory, type RoomHistory } from "../message-list/room-history.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser } from "../session/session.ts";
import { othersAfter } from "../unread/new-above.ts";
import { cachedLog, cacheLog, dropLog } from "./room-cache.ts";
import { type People, peopleOf } from "./room-people.ts";

const OLDER = 100;

/** Every node of the server enforces an action of the moderation after this time at the latest. */
const ENFORCED_MS = 2_000;

export type OpenRoom = {
  readonly roomId: string;
  readonly log: Signal<RoomLog>;
  readonly phase: Signal<"entering" | "in" | "refused">;
  readonly refusal: Signal<ApiError | null>;
  readonly room: Signal<RoomDto | null>;
  readonly standing: Signal<StandingDto | null>;
  readonly older: Signal<"idle" | "loading" | "failed">;
  /** The user's own messages here that await review or were rejected; oldest first. */
  readonly inReview: Signal<readonly HeldMessageDto[]>;
  /** Number of messages that the last reconnection loaded; null if there is nothing to report. */
  readonly caughtUp: Signal<number | null>;
  readonly people: People;
  readonly past: RoomHistory;
  loadOlder(): Promise<void>;
  /** Asks the server again whether the user may be here and write. */
  reenter(): void;
  /** Applies the state of a message from a command's response. */
  take(message: MessageDto): void;
  close(): void;
};

type State = Omit<OpenRoom, "loadOlder" | "reenter" | "take" | "close">;

function stateOf(roomId: string): State {
  const log = signal(cachedLog(roomId) ?? emptyLog);
  const older = signal<"idle" | "loading" | "failed">("idle");
  return {
    roomId,
    log,
    phase: signal<"entering" | "in" | "refused">("entering"),
    refusal: signal<ApiError | null>(null),
    room: signal<RoomDto | null>(null),
    standing: signal<StandingDto | null>(null),
    older,
    inReview: signal<readonly HeldMessageDto[]>([]),
    caughtUp: signal<number | null>(null),
    people: peopleOf(roomId),
    past: createRoomHistory({ roomId, log, older }),
  };
}

/** Adds or updates the user's own message in review. */
function putInReview({ roomId, inReview }: State, message: HeldMessageDto): void {
  if (message.roomId !== roomId) return;
  const others = inReview.value.filter(({ id }) => id !== message.id);
  inReview.value = [...others, message].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function arrivedIn(state: State, messages: readonly MessageDto[]): void {
  const live = messages.filter(isLive);
  settle(new Set(live.filter((one) => one.author.id === currentUser.value?.id).map((one) => one.clientMessageId)));
  if (state.inReview.value.length > 0) state.inReview.value = state.inReview.value.filter(({ id }) => !live.some((one) => one.id === id));
  state.people.hasWritten(new Set(live.map((one) => one.author.id)));
  cacheUsers(live.map((one) => one.author));
  state.past.changed(messages);
}

const roomLine: RoomConnection = { send, isOnline: () => connectionState.value === "online", probe: pulse.probe, runBatched: batch };

const syncOf = (state: State): RoomSync =>
  createRoomSync({
    roomId: state.roomId,
    log: state.log,
    connection: roomLine,
    arrived: (messages) => arrivedIn(state, messages),
    entered: (joined, before) => {
      state.room.value = joined.room;
      state.standing.value = joined.me;
      state.inReview.value = joined.held;
      state.phase.value = "in";
      state.refusal.value = null;
      state.people.reset(joined);
      cacheUsers(joined.members.users);
      // Changes made meanwhile to the shown history are unknown.
      if (joined.isSnapshot) state.past.leave();
      if (before.epoch === null) return;
      state.caughtUp.value = joined.isSnapshot
        ? Math.max(0, joined.lastSeq - before.head)
        : othersAfter(state.log.value.items, before.head);
    },
    rejected: (error) => {
      state.refusal.value = error;
      state.phase.value = "refused";
      state.log.value = emptyLog;
      dropLog(state.roomId);
    },
  });

async function loadOlder(state: State): Promise<void> {
  const { roomId, log, older, phase } = state;
  const { floor } = log.value;
  if (floor === 0 || older.value === "loading" || phase.value !== "in") return;
  older.value = "loading";
  try {
    const path = `/api/chatroom/rooms/${roomId}/messages?before=${floor}&limit=${OLDER}`;
    const page = await ask("listMessages", path, { bearer: true });
    cacheUsers(page.items.map((one) => one.author));
    batch(() => {
      if (log.value.floor === floor) log.value = applyOlder(log.value, page.items, page.nextCursor !== null);
      older.value = "idle";
    });
  } catch (error) {
    const { retryAfterMs } = toApiError(error);
    older.value = "failed";
    if (retryAfterMs !== undefined)
      setTimeout(() => older.value === "failed" && void loadOlder(state), backoffMs(0, { atLeastMs: retryAfterMs }));
  }
}

/** Lets the outbox send to this room, which is already joined, and to other rooms by joining and leaving them. */
function serveOutbox(state: State, sync: RoomSync): void {
  const { roomId, log, phase } = state;
  outboxRooms.delivered = (message) => {
    if (message.roomId === roomId) log.value = applyOwn(log.value, message);
  };
  outboxRooms.held = (message) => putInReview(state, message);
  outboxRooms.enter = async (wanted) => {
    if (wanted !== roomId) await send("join_room", { roomId: wanted });
    else if (phase.value !== "in" || sync.entering) await enter(sync);
  };
  outboxRooms.leave = (left) => {
    if (left !== roomId) void send("leave_room", { roomId: left }).catch(() => undefined);
  };
}

/** Enters a room and keeps its list in sync with the server until closed. */
export function openRoom(roomId: string): OpenRoom {
  const state = stateOf(roomId);
  const sync = syncOf(state);
  const reenter = () => void enter(sync);
  /** Asks twice: the node that this page is connected to may not know the change yet. */
  const restricted = () => {
    reenter();
    setTimeout(reenter, ENFORCED_MS);
  };
  const batches = oncePerFrame<Batch>((changes) => apply(sync, changes));
  const stops = [
    onServerEvent("messages_changed", (event) => {
      if (event.roomId === roomId) batches.add(event);
    }),
    onServerEvent("message_held", ({ message }) => putInReview(state, message)),
    onServerEvent("user_changed", ({ user }) => {
      state.log.value = renamedIn(state.log.value, user);
    }),
    onServerEvent("moderation_applied", restricted),
    onServerEvent("moderation_reverted", restricted),
    onConnected(reenter),
    pulse.onHeads((heads) => {
      if ((heads[roomId] ?? 0) > state.log.value.head && !sync.entering) void catchUp(sync);
    }),
  ];
  serveOutbox(state, sync);
  reenter();

  return {
    ...state,
    reenter,
    loadOlder: () => (state.past.shown.peek() ? state.past.older() : loadOlder(state)),
    take: (message) => {
      state.log.value = applyOwn(state.log.value, message);
      state.past.changed([message]);
    },
    close: () => {
      sync.isClosed = true;
      for (const stop of stops) stop();
      batches.stop();
      state.people.close();
      state.past.leave();
      if (state.phase.value === "in") cacheLog(roomId, state.log.value);
      void send("leave_room", { roomId }).catch(() => undefined);
    },
  };
}
