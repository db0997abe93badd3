/** A restriction in force. `until` is null when it has no end. */
export type Restriction = { readonly until: Date | null; readonly rule: string };

/** Who acts, as the database has them now; loaded anew for every command. */
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
  /** When this session last proved to be its user's; null for guests, who have nothing to prove it with. */
  readonly provenAt: Date | null;
  readonly ban: Restriction | null;
  readonly mute: Restriction | null;
};
