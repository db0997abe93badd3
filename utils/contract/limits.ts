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
  typing: [{ points: 60, windowMs: MINUTE }],
  unknown: [{ points: 10, windowMs: MINUTE }],
  handshakes: [{ points: 120, windowMs: MINUTE }],
  guestsOfAddress: [{ points: 3, windowMs: HOUR }],
  guestsOfNetwork: [{ points: 20, windowMs: HOUR }],
  messagesOfGuest: [
    { points: 5, windowMs: 15 * SECOND },
    { points: 20, windowMs: 5 * MINUTE },
  ],
  messagesOfMember: [{ points: 40, windowMs: 30 * SECOND }],
  messagesOfStaff: [{ points: 10, windowMs: SECOND }],
} as const satisfies Record<string, readonly Budget[]>;

export type BudgetName = keyof typeof budgets;

/** How many of a thing may be open at once. `LIMITS_SCALE` multiplies these too. */
export const caps = { socketsPerUser: 20, socketsPerAddress: 200, linesPerAddress: 400, roomsPerSocket: 100 } as const;

export const limits = {
  bodyBytes: 65_536,
  textGraphemes: 4_000,
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
  sendBufferBytes: 4 * 1024 * 1024,
} as const;
