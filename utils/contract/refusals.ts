import type { ErrorCode } from "./errors.ts";
import type { CommandName } from "./events.ts";
import type { Operation, OperationName } from "./operations.ts";

/** What every door may answer, whatever is behind it. */
const always: readonly ErrorCode[] = ["invalid_input", "rate_limited", "unavailable", "internal"];

const tokens: readonly ErrorCode[] = ["unauthenticated", "token_expired", "session_revoked"];

/** Why somebody is not let into a room they may know of. */
const roomDoor: readonly ErrorCode[] = ["room_requires_account", "room_requires_phone", "room_requires_age"];

const texts: readonly ErrorCode[] = ["text_empty", "text_too_long", "idempotency_conflict"];

/** Refusals that belong to one operation alone. */
const ofOperation: Partial<Record<OperationName, readonly ErrorCode[]>> = {
  createGuest: ["guest_limit", "name_taken", "name_not_allowed"],
  refreshSession: tokens,
  getRoom: roomDoor,
  listMembers: roomDoor,
  listMessages: roomDoor,
  sendMessage: [...roomDoor, ...texts],
};

/** Refusals that belong to one socket command alone. */
const ofCommand: Partial<Record<CommandName, readonly ErrorCode[]>> = {
  join_room: ["not_found", ...roomDoor, "room_full", "too_many_rooms"],
  sync_room: ["not_found", ...roomDoor],
  send_message: ["not_found", ...roomDoor, ...texts],
  typing_start: ["not_found", ...roomDoor],
  typing_stop: ["not_found", ...roomDoor],
};

const callerRefusals = { anyone: [], csrf: ["csrf_failed", "origin_refused"], bearer: tokens } as const satisfies Record<
  Operation["caller"],
  readonly ErrorCode[]
>;

const unique = (codes: readonly ErrorCode[]): ErrorCode[] => [...new Set(codes)];

/** Every code an operation may answer with. */
export function refusalsOfOperation(name: OperationName, { method, path, caller }: Operation): ErrorCode[] {
  const body: readonly ErrorCode[] = method === "get" ? [] : ["body_too_large", "unsupported_media_type"];
  const place: readonly ErrorCode[] = path.includes(":") ? ["not_found"] : [];
  return unique([...always, ...callerRefusals[caller], ...place, ...body, ...(ofOperation[name] ?? [])]);
}

/** Every code an ack of a command may carry. */
export const refusalsOfCommand = (name: CommandName): ErrorCode[] => unique([...always, ...tokens, ...(ofCommand[name] ?? [])]);
