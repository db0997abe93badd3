import type { Actor } from "../actor.ts";
import type { Verdict } from "../authorize.ts";
import { isPerson } from "../users/policy.ts";

/** Everyone may export their data, including banned people and guests. */
export const mayExportData = (actor: Actor): Verdict => isPerson(actor);

/** Everyone may delete their account, including banned people and guests. */
export const mayDeleteAccount = (actor: Actor): Verdict => isPerson(actor);
