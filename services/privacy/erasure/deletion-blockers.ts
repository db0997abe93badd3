import type { Ctx } from "../../context.ts";

/** Something that has to be settled before an account can go: what it is, and which one. */
export type Blocker = { readonly kind: string; readonly id: string };

/** Finds what stands in the way of somebody's deletion. */
export type FindBlockers = (ctx: Ctx) => Promise<readonly Blocker[]>;

/**
 * Everybody asked before an account is deleted. A domain in which something may be owed to others, such as an open sale, adds its
 * question here.
 */
export const blockerQuestions: FindBlockers[] = [];

/** All that stands in the way of the caller's deletion. */
export const blockersOf = async (ctx: Ctx): Promise<Blocker[]> =>
  (await Promise.all(blockerQuestions.map((question) => question(ctx)))).flat();
