import type { Prisma, User } from "../../prisma/generated/client.ts";
import type { Role } from "../../prisma/generated/enums.ts";
import { type AuditCaller, auditRow } from "../audit/record.ts";

/** Serializes role changes on the whole installation, so that two admins cannot remove each other's role concurrently. */
export const lockRoles = (tx: Prisma.TransactionClient) => tx.$executeRaw`SELECT pg_advisory_xact_lock(72707371)`;

/** Writes a role and its audit entry. */
export async function writeRole(
  { caller, tx }: { caller: AuditCaller & { actor?: { sessionId?: string } | null }; tx: Prisma.TransactionClient },
  user: User,
  role: Role,
): Promise<User> {
  const sessionId = caller.actor?.sessionId;
  const data = { from: user.role, to: role, ...(sessionId !== undefined && { sessionId }) };
  await tx.auditEntry.create({ data: auditRow(caller, { action: "role_changed", subjectType: "user", subjectId: user.id, data }) });
  return tx.user.update({ where: { id: user.id }, data: { role } });
}
