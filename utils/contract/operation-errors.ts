import type { ErrorCode } from "./errors.ts";
import type { CommandName } from "./events.ts";
import type { Operation, OperationName } from "./operations/index.ts";

/** Errors that every endpoint and command may return. */
const commonErrors: readonly ErrorCode[] = ["invalid_input", "rate_limited", "unavailable", "internal"];

const tokenErrors: readonly ErrorCode[] = ["unauthenticated", "token_expired", "session_revoked"];

/** Errors for a room that the caller may know about but must not enter. */
const roomAccessErrors: readonly ErrorCode[] = ["room_requires_account", "room_requires_phone", "room_requires_age"];

const textErrors: readonly ErrorCode[] = ["muted", "text_empty", "text_too_long", "too_many_mentions", "account_required"];

const sendErrors: readonly ErrorCode[] = [...textErrors, "idempotency_conflict", "slow_mode", "reply_other_room", "cannot_message"];

const editErrors: readonly ErrorCode[] = [...textErrors, "forbidden", "edit_window_closed", "blocked_by_rule", "cannot_message"];

const reactionErrors: readonly ErrorCode[] = ["muted", "emoji_invalid", "reactions_full", "cannot_message"];

/** Errors of endpoints that create an account. */
const newAccountErrors: readonly ErrorCode[] = [
  "name_taken",
  "password_weak",
  "email_not_allowed",
  "phone_required",
  "phone_proof_invalid",
  "phone_taken",
  "under_age",
];

/** Errors of endpoints that check credentials. */
const credentialErrors: readonly ErrorCode[] = ["invalid_credentials", "totp_required", "passkey_refused"];

/** Errors of sensitive endpoints, which could otherwise be used to take over an account. */
const sensitiveErrors: readonly ErrorCode[] = ["account_required", "step_up_required"];

/** Additional errors of single operations. */
const operationErrors: Partial<Record<OperationName, readonly ErrorCode[]>> = {
  createGuest: ["guest_limit", "name_taken"],
  refreshSession: tokenErrors,
  signOut: tokenErrors,
  signOutEverywhere: tokenErrors,
  signUp: newAccountErrors,
  upgradeGuest: [...newAccountErrors, "already_member"],
  mergeGuest: [...credentialErrors, "already_member"],
  signIn: credentialErrors,
  changePassword: ["account_required", "invalid_credentials", "password_weak"],
  resetPassword: ["token_invalid", "phone_proof_invalid", "password_weak"],
  requestPhoneCode: [...tokenErrors, "phone_not_allowed", "sms_paused", "sms_unavailable"],
  confirmPhoneCode: ["code_invalid", "code_locked", "code_expired", "code_used"],
  changePhone: [...sensitiveErrors, "phone_proof_invalid", "phone_taken"],
  changeEmail: [...sensitiveErrors, "email_not_allowed"],
  verifyEmail: ["token_invalid", "email_taken"],
  stepUp: [...credentialErrors, "account_required"],
  beginTotp: [...sensitiveErrors, "totp_already_set_up"],
  confirmTotp: ["account_required", "code_invalid", "totp_not_set_up", "totp_already_set_up"],
  removeTotp: ["account_required", "invalid_credentials", "totp_not_set_up"],
  renewRecoveryCodes: [...sensitiveErrors, "totp_not_set_up"],
  listPasskeys: ["account_required"],
  beginPasskey: [...sensitiveErrors, "passkey_refused"],
  addPasskey: [...sensitiveErrors, "passkey_refused"],
  removePasskey: sensitiveErrors,
  signInWithPasskey: ["passkey_refused"],
  updateMe: ["account_required", "name_taken", "text_too_long"],
  deleteMe: ["step_up_required", "delete_blocked"],
  requestExport: ["step_up_required", "export_limit"],
  listBots: ["forbidden"],
  createBot: ["forbidden", "step_up_required", "name_taken"],
  retireBot: ["forbidden", "step_up_required"],
  createBotToken: ["forbidden", "step_up_required"],
  revokeBotToken: ["forbidden", "step_up_required"],
  setRole: [...sensitiveErrors, "forbidden", "not_found", "role_not_allowed"],
  listHeld: ["forbidden"],
  decideHeld: ["forbidden", "cannot_message"],
  previewRoom: ["room_requires_account"],
  getRoom: roomAccessErrors,
  listMembers: roomAccessErrors,
  listMessages: roomAccessErrors,
  sendMessage: [...roomAccessErrors, ...sendErrors],
  getMessage: roomAccessErrors,
  editMessage: [...roomAccessErrors, ...editErrors],
  deleteMessage: [...roomAccessErrors, "forbidden"],
  listVersions: [...roomAccessErrors, "forbidden"],
  addReaction: [...roomAccessErrors, ...reactionErrors],
  removeReaction: [...roomAccessErrors, ...reactionErrors],
  pinMessage: [...roomAccessErrors, "forbidden", "cannot_message", "pins_full"],
  unpinMessage: [...roomAccessErrors, "forbidden", "cannot_message"],
  listPins: roomAccessErrors,
  openConversation: ["account_required", "not_found", "cannot_message", "conversation_with_self", "text_too_long"],
  updateConversation: ["text_too_long"],
  addMembers: ["cannot_message", "room_full"],
  removeMember: ["forbidden"],
  markRead: roomAccessErrors,
  setLevel: roomAccessErrors,
  starRoom: roomAccessErrors,
  search: ["not_found", ...roomAccessErrors],
};

/** Additional errors of single socket commands. */
const commandErrors: Partial<Record<CommandName, readonly ErrorCode[]>> = {
  join_room: ["not_found", ...roomAccessErrors, "room_full", "too_many_rooms"],
  sync_room: ["not_found", ...roomAccessErrors],
  send_message: ["not_found", ...roomAccessErrors, ...sendErrors],
  edit_message: ["not_found", ...roomAccessErrors, ...editErrors],
  delete_message: ["not_found", "forbidden", ...roomAccessErrors],
  add_reaction: ["not_found", ...roomAccessErrors, ...reactionErrors],
  remove_reaction: ["not_found", ...roomAccessErrors, ...reactionErrors],
  typing_start: ["not_found", "muted", ...roomAccessErrors],
  typing_stop: ["not_found", ...roomAccessErrors],
  mark_read: ["not_found", ...roomAccessErrors],
  mark_received: ["not_found", ...roomAccessErrors],
};

/** Errors by the required credentials. A Bearer token must be valid if it is sent, even to endpoints that do not require one. */
const callerErrors = {
  anyone: tokenErrors,
  csrf: [...tokenErrors, "csrf_failed", "origin_refused"],
  bearer: tokenErrors,
} as const satisfies Record<Operation["caller"], readonly ErrorCode[]>;

const unique = (codes: readonly ErrorCode[]): ErrorCode[] => [...new Set(codes)];

/** Returns every error code that an operation may return. */
export function errorsOfOperation(name: OperationName, { method, path, caller, isForBanned, isForPeople }: Operation): ErrorCode[] {
  const body: readonly ErrorCode[] = method === "get" ? [] : ["body_too_large", "unsupported_media_type"];
  const missing: readonly ErrorCode[] = path.includes(":") ? ["not_found"] : [];
  const people: readonly ErrorCode[] = caller === "csrf" || isForPeople === true ? ["forbidden"] : [];
  const banned: readonly ErrorCode[] = caller === "bearer" && isForBanned !== true ? ["banned"] : [];
  return unique([...commonErrors, ...callerErrors[caller], ...banned, ...people, ...missing, ...body, ...(operationErrors[name] ?? [])]);
}

/** Returns every error code that the ack of a command may carry. */
export const errorsOfCommand = (name: CommandName): ErrorCode[] =>
  unique([...commonErrors, ...tokenErrors, "banned", ...(commandErrors[name] ?? [])]);
