import { randomInt } from "node:crypto";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import type { OperationName } from "../../../utils/contract/operations/index.ts";
import { newId } from "../../../utils/ids.ts";
import { cast, PASSWORD, type Scene, type Who } from "./cast.ts";

type Result = "ok" | ErrorCode;
type Results = Record<Who, Result>;

/** The request of an operation and the expected result for each caller. `params` fill the path, `query` and `body` the rest. */
export type Row = {
  readonly results: Results;
  readonly ask?: (scene: Scene) => { params?: Record<string, string>; query?: Record<string, string>; body?: object };
};

const all = (result: Result): Results => Object.fromEntries(cast.map((who) => [who, result])) as Results;

/** Available to every signed-in caller without a ban. */
const signedIn = (over: Partial<Results> = {}): Results => ({ ...all("ok"), nobody: "unauthenticated", banned: "banned", ...over });

/** Available to members only. */
const members = (over: Partial<Results> = {}): Results => signedIn({ guest: "account_required", ...over });

/** An operation for members that does not apply to this scene: members pass authorization and get this result. */
const membersAnswered = (result: Result): Results => members({ member: result, other: result, moderator: result, admin: result });

const unique = (): string => newId().replaceAll("-", "").slice(-20);
const newAccount = () => ({ username: `u${unique()}`, password: PASSWORD });
const mobileNumber = (): string => `+4915112${randomInt(100_000, 1_000_000)}`;
const anyProof = "x".repeat(43);
const inRoom = ({ roomId }: Scene) => ({ params: { roomId } });

const onMessage = ({ messageId }: Scene) => ({ params: { messageId } });
const withEmoji = ({ messageId }: Scene) => ({ params: { messageId, emoji: encodeURIComponent("👍") } });
const onlyAdmins = signedIn({ guest: "forbidden", member: "forbidden", other: "forbidden", moderator: "forbidden" });
const onlyStaff = { guest: "forbidden", member: "forbidden", other: "forbidden" } as const;
const unknownCase = { ...onlyStaff, moderator: "not_found", admin: "not_found" } as const;
/** An operation for staff that does not apply to this scene: staff pass authorization and get this result. */
const staffAnswered = (result: Result): Partial<Results> => ({ ...onlyStaff, moderator: result, admin: result });
const inConversation = ({ conversationId }: Scene) => ({ params: { roomId: conversationId } });

/** Every operation of the contract; a missing one does not compile. */
export const operationCases: Record<OperationName, Row> = {
  getCsrfToken: { results: all("ok") },
  createGuest: { results: all("ok") },
  refreshSession: { results: all("unauthenticated") },
  signOut: { results: signedIn({ banned: "ok" }) },
  signOutEverywhere: { results: signedIn({ banned: "ok" }) },
  getMe: { results: signedIn({ banned: "ok" }) },
  listSessions: { results: signedIn({ banned: "ok" }) },
  endSession: { results: signedIn({ other: "not_found", banned: "ok" }), ask: ({ sessionId }) => ({ params: { sessionId } }) },
  getSignUpRules: { results: all("ok") },
  signUp: { results: all("ok"), ask: () => ({ body: newAccount() }) },
  upgradeGuest: { results: { ...membersAnswered("already_member"), guest: "ok" }, ask: () => ({ body: newAccount() }) },
  mergeGuest: {
    results: { ...membersAnswered("already_member"), guest: "ok" },
    ask: ({ stranger }) => ({ body: { identifier: stranger.actor.username, password: PASSWORD } }),
  },
  signIn: { results: all("ok"), ask: ({ stranger }) => ({ body: { identifier: stranger.actor.username, password: PASSWORD } }) },
  changePassword: { results: members(), ask: () => ({ body: { currentPassword: PASSWORD, newPassword: `${PASSWORD} again` } }) },
  requestPasswordReset: { results: all("ok"), ask: ({ stranger }) => ({ body: { identifier: stranger.actor.username } }) },
  resetPassword: { results: all("token_invalid"), ask: () => ({ body: { token: anyProof, newPassword: PASSWORD } }) },
  requestPhoneCode: { results: all("ok"), ask: () => ({ body: { phoneNumber: mobileNumber(), purpose: "signup" } }) },
  confirmPhoneCode: { results: all("code_expired"), ask: () => ({ body: { verificationId: newId(), code: "000000" } }) },
  changePhone: { results: membersAnswered("phone_proof_invalid"), ask: () => ({ body: { phoneProof: anyProof } }) },
  changeEmail: { results: members(), ask: () => ({ body: { email: `${unique()}@example.org` } }) },
  verifyEmail: { results: all("token_invalid"), ask: () => ({ body: { token: anyProof } }) },
  stepUp: { results: members({ banned: "ok" }), ask: () => ({ body: { password: PASSWORD } }) },
  beginTotp: { results: members() },
  confirmTotp: { results: membersAnswered("totp_not_set_up"), ask: () => ({ body: { code: "000000" } }) },
  removeTotp: { results: membersAnswered("totp_not_set_up"), ask: () => ({ body: { password: PASSWORD } }) },
  renewRecoveryCodes: { results: membersAnswered("totp_not_set_up") },
  listPasskeys: { results: members() },
  beginPasskey: { results: members() },
  addPasskey: { results: membersAnswered("passkey_refused"), ask: () => ({ body: { challengeId: newId(), response: { id: "x" } } }) },
  removePasskey: { results: members({ other: "not_found" }), ask: ({ passkeyId }) => ({ params: { passkeyId } }) },
  beginPasskeySignIn: { results: all("ok") },
  signInWithPasskey: { results: all("passkey_refused"), ask: () => ({ body: { challengeId: newId(), response: { id: "x" } } }) },
  listSecurityHistory: { results: signedIn({ banned: "ok" }) },
  getUser: { results: signedIn(), ask: ({ stranger }) => ({ params: { userId: stranger.id } }) },
  findUsers: { results: signedIn(), ask: () => ({ query: { query: "person" } }) },
  updateMe: { results: members(), ask: () => ({ body: { bio: "Likes canals." } }) },
  deleteMe: { results: signedIn({ banned: "ok" }), ask: () => ({ body: { confirmation: "DELETE", messages: "keep" } }) },
  requestExport: { results: signedIn({ banned: "ok" }) },
  getExport: { results: signedIn({ other: "not_found", banned: "ok" }), ask: ({ exportId }) => ({ params: { exportId } }) },
  setRole: {
    results: onlyAdmins,
    ask: ({ stranger }) => ({ params: { userId: stranger.id }, body: { role: "moderator" } }),
  },
  createReport: { results: signedIn(), ask: ({ stranger }) => ({ body: { target: { kind: "user", id: stranger.id }, reason: "spam" } }) },
  listReports: { results: signedIn({ banned: "ok" }) },
  listCases: { results: signedIn(onlyStaff) },
  getCase: { results: signedIn(unknownCase), ask: () => ({ params: { caseId: newId() } }) },
  claimCase: { results: signedIn(unknownCase), ask: () => ({ params: { caseId: newId() }, body: { version: 1 } }) },
  releaseCase: { results: signedIn(unknownCase), ask: () => ({ params: { caseId: newId() }, body: { version: 1 } }) },
  resolveCase: {
    results: signedIn(unknownCase),
    ask: () => ({ params: { caseId: newId() }, body: { version: 1, outcome: "dismissed" } }),
  },
  getModerationFigures: { results: signedIn(onlyStaff) },
  createAction: {
    results: signedIn(onlyStaff),
    ask: ({ stranger }) => ({ body: { kind: "warn", userId: stranger.id, rule: "spam" } }),
  },
  createBulkActions: {
    results: signedIn(onlyStaff),
    ask: ({ stranger }) => ({ body: { actions: [{ kind: "warn", userId: stranger.id, rule: "spam" }] } }),
  },
  revertAction: {
    results: signedIn({ ...onlyStaff, moderator: "not_found", admin: "not_found" }),
    ask: () => ({ params: { actionId: newId() }, body: {} }),
  },
  listActions: { results: signedIn({ banned: "ok" }) },
  createAppeal: {
    results: { ...all("not_found"), nobody: "unauthenticated" },
    ask: () => ({ body: { actionId: newId(), text: "It was a joke." } }),
  },
  listAppeals: { results: signedIn({ banned: "ok" }) },
  decideAppeal: {
    results: signedIn({ ...onlyStaff, moderator: "not_found", admin: "not_found" }),
    ask: () => ({ params: { appealId: newId() }, body: { outcome: "upheld", answer: "No." } }),
  },
  listModerationLog: { results: all("ok") },
  listAudit: { results: onlyAdmins },
  addLoungeModerator: {
    results: onlyAdmins,
    ask: ({ loungeId, stranger }) => ({ params: { loungeId, userId: stranger.id } }),
  },
  removeLoungeModerator: {
    results: onlyAdmins,
    ask: ({ loungeId, stranger }) => ({ params: { loungeId, userId: stranger.id } }),
  },
  listBots: { results: onlyAdmins },
  createBot: { results: onlyAdmins, ask: () => ({ body: { username: `u${unique()}` } }) },
  retireBot: { results: onlyAdmins, ask: ({ botId }) => ({ params: { botId } }) },
  createBotToken: { results: onlyAdmins, ask: ({ botId }) => ({ params: { botId }, body: { name: "token" } }) },
  revokeBotToken: { results: onlyAdmins, ask: ({ botId, tokenId }) => ({ params: { botId, tokenId } }) },
  listLounges: { results: all("ok") },
  previewLounges: { results: all("ok") },
  previewRoom: { results: all("ok"), ask: inRoom },
  listRooms: { results: all("ok"), ask: ({ loungeId }) => ({ params: { loungeId } }) },
  getRoom: { results: signedIn(), ask: inRoom },
  listMembers: { results: signedIn(), ask: inRoom },
  listMessages: { results: signedIn(), ask: inRoom },
  sendMessage: { results: signedIn(), ask: (scene) => ({ ...inRoom(scene), body: { clientMessageId: newId(), text: "hello" } }) },
  getMessage: { results: signedIn(), ask: onMessage },
  editMessage: { results: signedIn({ other: "forbidden" }), ask: (scene) => ({ ...onMessage(scene), body: { text: "hello again" } }) },
  deleteMessage: { results: signedIn({ other: "forbidden" }), ask: onMessage },
  listVersions: { results: signedIn({ other: "forbidden" }), ask: onMessage },
  addReaction: { results: signedIn(), ask: withEmoji },
  removeReaction: { results: signedIn(), ask: withEmoji },
  pinMessage: { results: signedIn(onlyStaff), ask: onMessage },
  unpinMessage: { results: signedIn(onlyStaff), ask: onMessage },
  listPins: { results: signedIn(), ask: inRoom },
  listNotifications: { results: signedIn() },
  readNotifications: { results: signedIn(), ask: () => ({ body: { ids: [newId()] } }) },
  getNotificationPreferences: { results: signedIn() },
  updateNotificationPreferences: { results: signedIn(), ask: () => ({ body: { sound: true } }) },
  listConversations: { results: signedIn() },
  openConversation: { results: members(), ask: ({ stranger }) => ({ body: { userId: stranger.id } }) },
  getConversation: { results: signedIn({ other: "not_found" }), ask: inConversation },
  acceptConversation: { results: signedIn({ other: "not_found" }), ask: inConversation },
  leaveConversation: { results: signedIn({ other: "not_found" }), ask: inConversation },
  updateConversation: {
    results: signedIn({ other: "not_found" }),
    ask: (scene) => ({ ...inConversation(scene), body: { name: "Canals" } }),
  },
  addMembers: {
    results: signedIn({ other: "not_found" }),
    ask: (scene) => ({ ...inConversation(scene), body: { userIds: [scene.stranger.id] } }),
  },
  removeMember: {
    results: signedIn({ other: "not_found" }),
    ask: ({ conversationId, companion }) => ({ params: { roomId: conversationId, userId: companion.id } }),
  },
  listBlocks: { results: signedIn() },
  blockUser: { results: signedIn(), ask: ({ stranger }) => ({ params: { userId: stranger.id } }) },
  unblockUser: { results: signedIn(), ask: ({ stranger }) => ({ params: { userId: stranger.id } }) },
  markRead: { results: signedIn({ other: "not_found" }), ask: (scene) => ({ ...inConversation(scene), body: { seq: 0 } }) },
  setLevel: { results: signedIn({ other: "not_found" }), ask: (scene) => ({ ...inConversation(scene), body: { level: "mute" } }) },
  starRoom: { results: signedIn({ other: "not_found" }), ask: inConversation },
  unstarRoom: { results: signedIn(), ask: inConversation },
  listUnread: { results: signedIn() },
  listUnreadRooms: { results: signedIn() },
  search: { results: signedIn(), ask: ({ roomId }) => ({ query: { q: "hello", roomId } }) },
  heartbeat: { results: signedIn(), ask: () => ({ body: { status: "online" } }) },
  listRaidModes: { results: signedIn(onlyStaff) },
  startRaidMode: {
    results: signedIn(onlyStaff),
    ask: ({ roomId }) => ({ body: { scope: { kind: "room", id: roomId }, durationMs: 60_000, measures: ["links_blocked"] } }),
  },
  endRaidMode: { results: signedIn(staffAnswered("not_found")), ask: () => ({ params: { raidModeId: newId() } }) },
  testRule: { results: signedIn(onlyStaff), ask: () => ({ body: { rule: { kind: "word", pattern: "spam", outcome: "block" } } }) },
  listRules: { results: signedIn(onlyStaff) },
  createRule: { results: signedIn(onlyStaff), ask: () => ({ body: { kind: "word", pattern: "spam", outcome: "block" } }) },
  updateRule: { results: signedIn(staffAnswered("not_found")), ask: () => ({ params: { ruleId: newId() }, body: { version: 1 } }) },
  deleteRule: { results: signedIn(staffAnswered("not_found")), ask: () => ({ params: { ruleId: newId() } }) },
};
