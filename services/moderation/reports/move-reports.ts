import type { Prisma } from "../../../prisma/generated/client.ts";

/**
 * Moves the reports of a guest, and the cases and evidence about them, to the member the guest became. Of two reports in one case the
 * member's stays.
 */
export async function moveReports(tx: Prisma.TransactionClient, { guestId, userId }: { guestId: string; userId: string }): Promise<void> {
  await tx.moderationCase.updateMany({ where: { subjectId: guestId }, data: { subjectId: userId } });
  await tx.$executeRaw`
    UPDATE moderation_cases SET evidence = replace(evidence::text, ${guestId}, ${userId})::jsonb,
      evidence_of = array_replace(evidence_of, ${guestId}::uuid, ${userId}::uuid)
    WHERE evidence_of @> ARRAY[${guestId}::uuid]`;
  await tx.$executeRaw`
    DELETE FROM reports g WHERE g.reporter_id = ${guestId}::uuid
      AND EXISTS (SELECT FROM reports r WHERE r.case_id = g.case_id AND r.reporter_id = ${userId}::uuid)`;
  await tx.report.updateMany({ where: { reporterId: guestId }, data: { reporterId: userId } });
}
