import type { Ctx } from "../../context.ts";

/** Something that must be settled before an account can be deleted, by kind and id. */
export type Blocker = { readonly kind: string; readonly id: string };

/** Finds what blocks the deletion of the caller's account. */
export type FindBlockers = (ctx: Ctx<"db">) => Promise<readonly Blocker[]>;

/** The checks that run before an account is deleted. A domain with obligations to others, such as an open sale, adds its check here. */
export const blockerFinders: FindBlockers[] = [];

/** Returns everything that blocks the deletion of the caller's account. */
export const blockersOf = async (ctx: Ctx<"db">): Promise<Blocker[]> => (await Promise.all(blockerFinders.map((find) => find(ctx)))).flat();
