import type { ErrorCode } from "./errors.ts";
import type { CommandName } from "./events.ts";
import type { Operation, OperationName } from "./operations/index.ts";

/** What every door may answer, whatever is behind it. */
const always: readonly ErrorCode[] = ["invalid_input", "rate_limited", "unavailable", "internal"];

const tokens: readonly ErrorCode[] = ["unauthenticated", "token_expired", "session_revoked"];

/** Why somebody is not let into a room they may know of. */
const roomAccess: readonly ErrorCode[] = ["room_requires_account", "room_requires_phone", "room_requires_age"];

const texts: readonly ErrorCode[] = ["muted", "text_empty", "text_too_long", "too_many_mentions", "account_required"];

const sends: readonly ErrorCode[] = [...texts, "idempotency_conflict", "slow_mode", "reply_other_room", "cannot_message"];

const edits: readonly ErrorCode[] = [...texts, "forbidden", "edit_window_closed", "blocked_by_rule", "cannot_message"];

const reacts: readonly ErrorCode[] = ["muted", "emoji_invalid", "reactions_full", "cannot_message"];

/** What an account cannot be made of. */
const newAccount: readonly ErrorCode[] = [
  "name_taken",
  "password_weak",
  "email_not_allowed",
  "phone_required",
  "phone_proof_invalid",
  "phone_taken",
  "under_age",
];

/** Why somebody is not taken for who they say they are. */
const proof: readonly ErrorCode[] = ["invalid_credentials", "totp_required", "passkey_refused"];

/** What a door asks of an account before anything that could be used to steal it. */
const sensitive: readonly ErrorCode[] = ["account_required", "step_up_required"];

/** Refusals that belong to one operation alone. */
const ofOperation: Partial<Record<OperationName, readonly ErrorCode[]>> = {
  createGuest: ["guest_limit", "name_taken"],
  refreshSession: tokens,
  signOut: tokens,
  signOutEverywhere: tokens,
  signUp: newAccount,
  upgradeGuest: [...newAccount, "already_member"],
  mergeGuest: [...proof, "already_member"],
  signIn: proof,
  changePassword: ["account_required", "invalid_credentials", "password_weak"],
  resetPassword: ["token_invalid", "phone_proof_invalid", "password_weak"],
  requestPhoneCode: [...tokens, "phone_not_allowed", "sms_paused", "sms_unavailable"],
  confirmPhoneCode: ["code_invalid", "code_locked", "code_expired", "code_used"],
  changePhone: [...sensitive, "phone_proof_invalid", "phone_taken"],
  changeEmail: [...sensitive, "email_not_allowed"],
  verifyEmail: ["token_invalid", "email_taken"],
  stepUp: [...proof, "account_required"],
  beginTotp: [...sensitive, "totp_already_set_up"],
  confirmTotp: ["account_required", "code_invalid", "totp_not_set_up", "totp_already_set_up"],
  removeTotp: ["account_required", "invalid_credentials", "totp_not_set_up"],
  renewRecoveryCodes: [...sensitive, "totp_not_set_up"],
  listPasskeys: ["account_required"],
  beginPasskey: [...sensitive, "passkey_refused"],
  addPasskey: [...sensitive, "passkey_refused"],
  removePasskey: sensitive,
  signInWithPasskey: ["passkey_refused"],
  updateMe: ["account_required", "name_taken", "text_too_long"],
  deleteMe: ["step_up_required", "delete_blocked"],
  requestExport: ["step_up_required", "export_limit"],
  listBots: ["forbidden"],
  createBot: ["forbidden", "step_up_required", "name_taken"],
  retireBot: ["forbidden", "step_up_required"],
  createBotToken: ["forbidden", "step_up_required"],
  revokeBotToken: ["forbidden", "step_up_required"],
  setRole: [...sensitive, "forbidden", "not_found", "role_not_allowed"],
  listHeld: ["forbidden"],
  decideHeld: ["forbidden", "cannot_message"],
  previewRoom: ["room_requires_account"],
  getRoom: roomAccess,
  listMembers: roomAccess,
  listMessages: roomAccess,
  sendMessage: [...roomAccess, ...sends],
  getMessage: roomAccess,
  editMessage: [...roomAccess, ...edits],
  deleteMessage: [...roomAccess, "forbidden"],
  listVersions: [...roomAccess, "forbidden"],
  addReaction: [...roomAccess, ...reacts],
  removeReaction: [...roomAccess, ...reacts],
  pinMessage: [...roomAccess, "forbidden", "cannot_message", "pins_full"],
  unpinMessage: [...roomAccess, "forbidden", "cannot_message"],
  listPins: roomAccess,
  openConversation: ["account_required", "not_found", "cannot_message", "conversation_with_self", "text_too_long"],
  updateConversation: ["text_too_long"],
  addMembers: ["cannot_message", "room_full"],
  removeMember: ["forbidden"],
  markRead: roomAccess,
  setLevel: roomAccess,
  starRoom: roomAccess,
  search: ["not_found", ...roomAccess],
};

/** Refusals that belong to one socket command alone. */
const ofCommand: Partial<Record<CommandName, readonly ErrorCode[]>> = {
  join_room: ["not_found", ...roomAccess, "room_full", "too_many_rooms"],
  sync_room: ["not_found", ...roomAccess],
  send_message: ["not_found", ...roomAccess, ...sends],
  edit_message: ["not_found", ...roomAccess, ...edits],
  delete_message: ["not_found", "forbidden", ...roomAccess],
  add_reaction: ["not_found", ...roomAccess, ...reacts],
  remove_reaction: ["not_found", ...roomAccess, ...reacts],
  typing_start: ["not_found", "muted", ...roomAccess],
  typing_stop: ["not_found", ...roomAccess],
  mark_read: ["not_found", ...roomAccess],
  mark_received: ["not_found", ...roomAccess],
};

/** A Bearer token that is shown must be valid, also where none is needed. */
const callerErrors = { anyone: tokens, csrf: [...tokens, "csrf_failed", "origin_refused"], bearer: tokens } as const satisfies Record<
  Operation["caller"],
  readonly ErrorCode[]
>;

const unique = (codes: readonly ErrorCode[]): ErrorCode[] => [...new Set(codes)];

/** Every code an operation may answer with. */
export function errorsOfOperation(name: OperationName, { method, path, caller, isForBanned, isForPeople }: Operation): ErrorCode[] {
  const body: readonly ErrorCode[] = method === "get" ? [] : ["body_too_large", "unsupported_media_type"];
  const place: readonly ErrorCode[] = path.includes(":") ? ["not_found"] : [];
  const people: readonly ErrorCode[] = caller === "csrf" || isForPeople === true ? ["forbidden"] : [];
  const standing: readonly ErrorCode[] = caller === "bearer" && isForBanned !== true ? ["banned"] : [];
  return unique([...always, ...callerErrors[caller], ...standing, ...people, ...place, ...body, ...(ofOperation[name] ?? [])]);
}

/** Every code an ack of a command may carry. */
export const errorsOfCommand = (name: CommandName): ErrorCode[] => unique([...always, ...tokens, "banned", ...(ofCommand[name] ?? [])]);
