const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A budget: so many points in a window; every window of a list must hold. */
export type Budget = { points: number; windowMs: number };

/** The default budgets. `LIMITS_SCALE` multiplies the points of each of them. */
export const budgets = {
  rest: [{ points: 60, windowMs: MINUTE }],
  heartbeat: [{ points: 120, windowMs: MINUTE }],
  search: [{ points: 30, windowMs: MINUTE }],
  // Apart from "rest", so that visitors of one address who only watch never keep each other from joining.
  previews: [{ points: 60, windowMs: MINUTE }],
  typing: [{ points: 60, windowMs: MINUTE }],
  receipts: [{ points: 300, windowMs: MINUTE }],
  unknown: [{ points: 10, windowMs: MINUTE }],
  handshakes: [{ points: 120, windowMs: MINUTE }],
  guestsOfAddress: [{ points: 3, windowMs: HOUR }],
  guestsOfNetwork: [{ points: 20, windowMs: HOUR }],
  // Each kind of credential is paid for by the address and by the account; a device the account knows pays for itself.
  signUps: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfAddress: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfAccount: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfDevice: [{ points: 5, windowMs: 15 * MINUTE }],
  // Paid after a right password alone, so that nobody without it can use up the owner's.
  secondFactors: [{ points: 5, windowMs: 15 * MINUTE }],
  passwords: [{ points: 5, windowMs: 15 * MINUTE }],
  resetsOfAccount: [{ points: 5, windowMs: 15 * MINUTE }],
  codeRequests: [{ points: 5, windowMs: 15 * MINUTE }],
  codesOfAddress: [{ points: 10, windowMs: HOUR }],
  // In addition to the limit per address, so that the many addresses of one /24 or /48 are worth little more than one.
  codesOfNetwork: [
    { points: 20, windowMs: HOUR },
    { points: 60, windowMs: DAY },
  ],
  codeTries: [{ points: 30, windowMs: 15 * MINUTE }],
  exports: [{ points: 3, windowMs: DAY }],
  // Begun with somebody one had none with; an account counts as new for a week.
  conversationsOfNewcomer: [{ points: 5, windowMs: DAY }],
  conversationsOfMember: [{ points: 20, windowMs: DAY }],
  messagesOfGuest: [
    { points: 5, windowMs: 15 * SECOND },
    { points: 20, windowMs: 5 * MINUTE },
  ],
  messagesOfMember: [{ points: 40, windowMs: 30 * SECOND }],
  messagesOfStaff: [{ points: 10, windowMs: SECOND }],
} as const satisfies Record<string, readonly Budget[]>;

export type BudgetName = keyof typeof budgets;

/** How many of a thing may be open at once. `LIMITS_SCALE` multiplies these too. */
export const caps = {
  socketsPerUser: 20,
  socketsPerAddress: 200,
  linesPerAddress: 400,
  roomsPerSocket: 100,
  /** TCP connections of one address: its sockets, and what its browsers open for requests. */
  connectionsPerAddress: 1_000,
  connections: 20_000,
  /** Requests that one connection may send before the first of them is answered. */
  pipelinedRequests: 32,
} as const;

/**
 * What one socket connection may send per second, measured before it is parsed. Control frames are the WebSocket pings and
 * pongs of RFC 6455; clients send one every few seconds at most. `LIMITS_SCALE` multiplies these too.
 */
export const inflow = { packets: 200, bytes: 1024 * 1024, controlFrames: 10 } as const;

/** What all socket connections of one address together may send per second. `LIMITS_SCALE` multiplies these too. */
export const inflowOfAddress = { packets: 4_000, bytes: 8 * 1024 * 1024, controlFrames: 200 } as const;

/**
 * Requests of one address, for whatever they ask: pages, files, 404s, polling and upgrades. Far above what the people behind
 * one address need, since most endpoints have a budget of their own. `LIMITS_SCALE` multiplies the points.
 */
export const requestsOfAddress: Budget = { points: 3_000, windowMs: 10 * SECOND };

export const limits = {
  bodyBytes: 65_536,
  passwordCharacters: { min: 10, max: 1_000 },
  usernameCharacters: { min: 2, max: 32 },
  bioGraphemes: 300,
  pronounsGraphemes: 40,
  stepUpMs: 10 * MINUTE,
  resetTokenMs: 30 * MINUTE,
  emailTokenMs: 2 * DAY,
  passkeyChallengeMs: 5 * MINUTE,
  recoveryCodes: 10,
  passkeys: 20,
  exportLinkMs: 7 * DAY,
  deletionGraceMs: 14 * DAY,
  unfinishedSignUpMs: 30 * MINUTE,
  textGraphemes: 4_000,
  /** A grapheme may be many code units (a family of emoji, stacked marks); a text of nothing else is too long all the same. */
  textUnits: 16_000,
  excerptGraphemes: 140,
  /** What visitors see of an open room before they join, and of how many lounges the lobby shows a line. */
  previewMessages: 5,
  previewLounges: 100,
  /** A preview looks no further back than so many messages of the room, deleted ones included. */
  previewDepth: 200,
  /** The longest question to the search, in UTF-16 units, and the part of a message that an answer shows. */
  searchUnits: 300,
  searchExcerptUnits: 240,
  /** A search answers within this time with what it has found; where to go on is in its cursor. */
  searchMs: 500,
  mentions: 5,
  mentionsOfGuest: 1,
  reactionKinds: 20,
  /** So many people are named under one emoji; the count goes on. */
  reactionPeople: 100,
  groupPeople: 50,
  groupNameGraphemes: 60,
  newcomerMs: 7 * DAY,
  /** Unread messages are counted so far, and no further. */
  unreadCount: 99,
  pinsPerRoom: 50,
  editWindowMs: 15 * MINUTE,
  /** A change within this time and of no more than so many characters leaves no mark. */
  editGraceMs: 30 * SECOND,
  editGraceCharacters: 10,
  deletedTextMs: 30 * DAY,
  /** For this long after declining a group, nobody is asked into it again. */
  declineMs: 30 * DAY,
  /** Removing a block within this time restores the requests that the block declined. */
  blockUndoMs: MINUTE,
  /** A text that reaches this many people within the window who have not written back is held for review. */
  strangersOfText: 5,
  strangerWindowMs: DAY,
  /** How long it stays recorded what was sent to people who had not written back. */
  strangerTextMs: 2 * DAY,
  nameGraphemes: { min: 2, max: 32 },
  accessTokenMs: 15 * MINUTE,
  refreshTokenMs: 30 * DAY,
  guestTokenMs: 24 * HOUR,
  refreshGraceMs: 10 * SECOND,
  ackMs: 5 * SECOND,
  snapshotMessages: 50,
  syncMessages: 1_000,
  awayAfterMs: 5 * MINUTE,
  offlineAfterMs: 10 * MINUTE,
  heartbeatMs: 25 * SECOND,
  gatherMs: 250,
  typingMs: 6 * SECOND,
  rosterPeople: 200,
  handshakeMs: 10 * SECOND,
  /** What waits for a client that reads too slowly: beyond the first it loses typing and presence, beyond the second its line. */
  slowBufferBytes: 256 * 1024,
  sendBufferBytes: 4 * 1024 * 1024,
} as const;

/** Codes sent to phones: how long they live, how often they may be tried and sent, and when a group of numbers is paused. */
export const phoneCodes = {
  expiresMs: 10 * MINUTE,
  /** Tries of one number, of all its codes and purposes together. */
  tries: { perWindow: 5, windowMs: 10 * MINUTE, perDay: 20 },
  /** How long to wait after the first, the second and every further text to one number. */
  resendMs: [30 * SECOND, 60 * SECOND, 120 * SECOND],
  sendsOfNumber: { points: 5, windowMs: 10 * MINUTE, perDay: 10 },
  proofMs: 10 * MINUTE,
  /** More sends than this to one prefix, and fewer than this share of them confirmed, look like somebody earning from them. */
  breaker: { sends: 20, confirmedShare: 0.2, windowMs: HOUR },
  /**
   * A network (/24 or /48) may have so many unconfirmed texts within 24 h, and one more for each confirmed one; only `scarce` of them
   * once the share `scarceFrom` of the day's open budget is spent. Few networks can therefore never spend the budget of everybody.
   */
  network: { unconfirmed: 20, scarce: 2, scarceFrom: 0.5 },
  /** One country may take this share of the day's open budget, but at least `sends`, unless `breaker.confirmedShare` is confirmed. */
  country: { share: 0.75, sends: 20 },
  /** This share of the day's budget is reserved for password resets. */
  reserveShare: 0.2,
} as const;
