import type { PrismaClient } from "../../prisma/generated/client.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { normaliseUsername } from "../users/names/username-rules.ts";
import { lockRoles, writeRole } from "./role-repository.ts";

/** The result of making a user an admin. */
export type Outcome = "made" | "was_already" | "not_found" | "is_bot";

/**
 * Makes a member an admin. Run from the server's console, this is how an installation gets its first admin. The audit entry has no actor.
 */
export async function makeAdmin(db: PrismaClient, name: string): Promise<Outcome> {
  return db.$transaction(async (tx) => {
    await lockRoles(tx);
    const found = await tx.user.findFirst({ where: { username: normaliseUsername(name), ...isActiveUser } });
    if (found === null) return "not_found";
    await lockUser(tx, found.id);
    if (found.kind !== "member") return "is_bot";
    if (found.role === "admin") return "was_already";
    await writeRole({ caller: {}, tx }, found, "admin");
    return "made";
  });
}
