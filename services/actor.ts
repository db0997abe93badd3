import type { TrustLevel } from "../utils/contract/schemas/auth.ts";

/** An active restriction: the action that issued it, its end (null when it has none), and the rule that was broken. */
export type Restriction = { readonly actionId: string; readonly until: Date | null; readonly rule: string };

/**
 * A restriction in a part of the site, or one that asks for a verified phone. `ban` keeps the user out of the rooms, `mute` only from
 * writing in them.
 */
export type ScopedRestriction = Restriction & {
  readonly kind: "ban" | "mute" | "require_phone";
  readonly scope: { readonly kind: "room" | "lounge" | "site"; readonly id: string | null };
};

/** The acting user with their current state in the database; loaded for every command. */
export type Actor = {
  readonly id: string;
  readonly sessionId: string;
  readonly sessionExpiresAt: Date;
  readonly kind: "guest" | "member" | "bot";
  readonly role: "guest" | "member" | "moderator" | "admin";
  readonly username: string | null;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly languages: readonly string[];
  readonly createdAt: Date;
  readonly isInvisible: boolean;
  readonly hasVerifiedPhone: boolean;
  /** How far the user is trusted; guests always count as `guest`. */
  readonly trustLevel: TrustLevel;
  /** Until when the user's messages are held for review, unless one was approved; null for almost everyone. */
  readonly heldUntil: Date | null;
  /** When the user of this session last confirmed their identity; null for guests, who have no credentials. */
  readonly provenAt: Date | null;
  /** The ban or mute on the whole site that lasts longest. */
  readonly ban: Restriction | null;
  readonly mute: Restriction | null;
  /** All other active restrictions. */
  readonly restrictions: readonly ScopedRestriction[];
  /** The ids of the lounges that the user moderates, besides the role on the site. */
  readonly moderates: readonly string[];
};
