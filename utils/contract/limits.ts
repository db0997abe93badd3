const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A rate limit: `points` per window. If a list has several windows, all apply. */
export type Budget = { points: number; windowMs: number };

/** The default rate limits. `LIMITS_SCALE` multiplies their points. */
export const budgets = {
  rest: [{ points: 60, windowMs: MINUTE }],
  heartbeat: [{ points: 120, windowMs: MINUTE }],
  search: [{ points: 30, windowMs: MINUTE }],
  // Separate from `rest`, so that visitors who only read previews cannot keep others at the same address from joining.
  previews: [{ points: 60, windowMs: MINUTE }],
  typing: [{ points: 60, windowMs: MINUTE }],
  receipts: [{ points: 300, windowMs: MINUTE }],
  unknown: [{ points: 10, windowMs: MINUTE }],
  handshakes: [{ points: 120, windowMs: MINUTE }],
  guestsOfAddress: [{ points: 3, windowMs: HOUR }],
  guestsOfNetwork: [{ points: 20, windowMs: HOUR }],
  // Further guests, each of which needs a proof of work, once one of the budgets above is used up.
  provenGuestsOfAddress: [{ points: 9, windowMs: HOUR }],
  provenGuestsOfNetwork: [{ points: 60, windowMs: HOUR }],
  // Attempts count against both the address and the account. A device known to the account has its own budget.
  signUps: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfAddress: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfAccount: [{ points: 5, windowMs: 15 * MINUTE }],
  signInsOfDevice: [{ points: 5, windowMs: 15 * MINUTE }],
  // Charged only after a correct password, so that people without the password cannot use up the owner's budget.
  secondFactors: [{ points: 5, windowMs: 15 * MINUTE }],
  passwords: [{ points: 5, windowMs: 15 * MINUTE }],
  resetsOfAccount: [{ points: 5, windowMs: 15 * MINUTE }],
  codeRequests: [{ points: 5, windowMs: 15 * MINUTE }],
  codesOfAddress: [{ points: 10, windowMs: HOUR }],
  // In addition to the limit per address, so that an attacker gains little from the many addresses of one /24 or /48.
  codesOfNetwork: [
    { points: 20, windowMs: HOUR },
    { points: 60, windowMs: DAY },
  ],
  codeTries: [{ points: 30, windowMs: 15 * MINUTE }],
  exports: [{ points: 3, windowMs: DAY }],
  // New reports; repeating one costs nothing.
  reportsOfGuest: [{ points: 3, windowMs: DAY }],
  reportsOfMember: [{ points: 10, windowMs: DAY }],
  // New conversations with users the caller had none with before. An account counts as new for a week.
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

/** How many connections and rooms may be open at once. `LIMITS_SCALE` multiplies these too. */
export const caps = {
  socketsPerUser: 20,
  socketsPerAddress: 200,
  linesPerAddress: 400,
  roomsPerSocket: 100,
  /** TCP connections per address: its sockets and its HTTP connections. */
  connectionsPerAddress: 1_000,
  connections: 20_000,
  /** Requests that one connection may send before the first response. */
  pipelinedRequests: 32,
} as const;

/**
 * What one socket connection may send per second, measured before parsing. Control frames are the WebSocket pings and pongs of RFC 6455;
 * clients send at most one every few seconds. `LIMITS_SCALE` multiplies these too.
 */
export const inflow = { packets: 200, bytes: 1024 * 1024, controlFrames: 10 } as const;

/** What all socket connections of one address together may send per second. `LIMITS_SCALE` multiplies these too. */
export const inflowOfAddress = { packets: 4_000, bytes: 8 * 1024 * 1024, controlFrames: 200 } as const;

/**
 * All requests of one address: pages, files, 404s, polling and upgrades. Far above the needs of the people behind one address, since most
 * endpoints have a rate limit of their own. `LIMITS_SCALE` multiplies the points.
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
  /** A grapheme may consist of many code units (a family emoji, stacked marks); this bounds texts made of such graphemes. */
  textUnits: 16_000,
  excerptGraphemes: 140,
  /** How many messages of an open room visitors see before they join, and for how many lounges the lobby shows a message. */
  previewMessages: 5,
  previewLounges: 100,
  /** A preview reads at most this many of the room's newest messages, including deleted ones. */
  previewDepth: 200,
  /** The maximum length of a search query, and of an excerpt in a search result, in UTF-16 units. */
  searchUnits: 300,
  searchExcerptUnits: 240,
  /** A search returns what it has found within this time. Its cursor continues the search. */
  searchMs: 500,
  mentions: 5,
  mentionsOfGuest: 1,
  reactionKinds: 20,
  /** At most this many users are listed per reaction. The count includes all users. */
  reactionPeople: 100,
  groupPeople: 50,
  groupNameGraphemes: 60,
  newcomerMs: 7 * DAY,
  /** The maximum unread count. */
  unreadCount: 99,
  pinsPerRoom: 50,
  editWindowMs: 15 * MINUTE,
  /** An edit within this time that changes at most this many characters is not marked as edited. */
  editGraceMs: 30 * SECOND,
  editGraceCharacters: 10,
  deletedTextMs: 30 * DAY,
  /** For this long after a user declines a group, they cannot be invited to it again. */
  declineMs: 30 * DAY,
  /** Removing a block within this time restores the requests that the block declined. */
  blockUndoMs: MINUTE,
  /** A text sent to this many people within the window who have not written back is held for review. */
  strangersOfText: 5,
  strangerWindowMs: DAY,
  /** How long texts sent to people who have not written back stay recorded. */
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
  /**
   * Send buffer limits of a client that reads too slowly: above the first it receives no typing and presence events, above the second its
   * connection is closed.
   */
  slowBufferBytes: 256 * 1024,
  sendBufferBytes: 4 * 1024 * 1024,
} as const;

/** The proof of work for guests beyond the budget of their address or network. */
export const proofOfWork = {
  expiresMs: 2 * MINUTE,
  /** How many leading zero bits the first proof of an hour needs: about half a second of work in a browser. */
  bits: 19,
  /** How many more the last one needs; the difficulty rises with the number of proven guests. */
  moreBits: 2,
  /** How many a new guest from a network with a ban needs. */
  bitsOfBannedNetwork: 20,
} as const;

/** How a ban extends to new guests from the same device or network. */
export const guestBans = {
  /** How long a ban extends to the device and the network, and how long those of a session are kept. */
  extendsMs: 7 * DAY,
  /** With at least this many other people in good standing, a network is shared: new guests are not banned, but must prove work. */
  neighbors: 3,
  /** How long messages of a new guest from a shared network with a ban are held for review, unless one was approved. */
  heldMs: DAY,
} as const;

/** When raid mode switches on by itself. `LIMITS_SCALE` multiplies the counts. */
export const raids = {
  windowMs: MINUTE,
  /** New guests of the whole site. */
  guests: 100,
  /** First visits of guests to a room, or to the rooms of a lounge. */
  joins: { room: 60, lounge: 100 },
  /** Authors with an account of less than `freshMs` who write for the first time; those whose text is a copy do not count. */
  firstMessages: { room: 100, lounge: 150, site: 250 },
  freshMs: HOUR,
  /**
   * Nearly the same text of several guests and newcomers: after `hold` copies further ones are held, with `raid` authors raid mode switches
   * on. Short texts, which honest people repeat, need more of them.
   */
  copies: { hold: 3, raid: 6, shortFactor: 3 },
  copiesMs: 10 * MINUTE,
  /** How long an automatic raid mode lasts. */
  automaticMs: 15 * MINUTE,
  slowModeMs: 30 * SECOND,
} as const;

/** Verification codes sent by SMS: validity, limits on attempts and sends, and when a range of numbers is paused. */
export const phoneCodes = {
  expiresMs: 10 * MINUTE,
  /** Attempts per number, for all its codes and purposes together. */
  tries: { perWindow: 5, windowMs: 10 * MINUTE, perDay: 20 },
  /** How long to wait after the first, second and each further SMS to one number. */
  resendMs: [30 * SECOND, 60 * SECOND, 120 * SECOND],
  sendsOfNumber: { points: 5, windowMs: 10 * MINUTE, perDay: 10 },
  proofMs: 10 * MINUTE,
  /** More sends than this to one prefix, with a smaller confirmed share than this, indicate SMS fraud. */
  breaker: { sends: 20, confirmedShare: 0.2, windowMs: HOUR },
  /**
   * A network (/24 or /48) may have this many unconfirmed SMS within 24 h, plus one for each confirmed one, but only `scarce` once the
   * share `scarceFrom` of the day's open budget is spent. This keeps a few networks from exhausting the budget for everyone.
   */
  network: { unconfirmed: 20, scarce: 2, scarceFrom: 0.5 },
  /** One country may use this share of the day's open budget, but at least `sends`, unless `breaker.confirmedShare` is confirmed. */
  country: { share: 0.75, sends: 20 },
  /** This share of the day's budget is reserved for password resets. */
  reserveShare: 0.2,
} as const;
