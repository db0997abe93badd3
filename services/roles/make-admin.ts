import type { PrismaClient } from "../../prisma/generated/client.ts";
import { isActiveUser, lockUser } from "../users/lock-user.ts";
import { normaliseUsername } from "../users/names/username-rules.ts";
import { lockRoles, writeRole } from "./role-repository.ts";

/** How an attempt to make somebody an admin went. */
export type Outcome = "made" | "was_already" | "not_found" | "is_bot";

/**
 * Makes a member an admin, by whoever sits at the server's console: that is how an installation gets its first one. Written to the
 * audit log as nobody's deed.
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
