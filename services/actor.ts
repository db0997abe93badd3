/** An active restriction. `until` is null when it has no end. */
export type Restriction = { readonly until: Date | null; readonly rule: string };

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
  /** When the user of this session last confirmed their identity; null for guests, who have no credentials. */
  readonly provenAt: Date | null;
  readonly ban: Restriction | null;
  readonly mute: Restriction | null;
};
