import type { Actor } from "../actor.ts";
import { granted, rejected, type Verdict } from "../authorize.ts";

/** Whether the actor is a moderator or an administrator of the site. */
export const isStaff = (actor: Pick<Actor, "role"> | null): boolean => actor?.role === "moderator" || actor?.role === "admin";

/** Grants everyone with an account, banned or not. */
export const hasAccount = ({ kind }: Pick<Actor, "kind">): Verdict => (kind === "guest" ? rejected("account_required") : granted);

/** Grants people, including visitors without a session. Bots have tokens instead of an account of their own and are managed by admins. */
export const isPerson = (actor: Pick<Actor, "kind"> | null): Verdict => (actor?.kind === "bot" ? rejected("forbidden") : granted);
