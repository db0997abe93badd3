import { expect, it } from "vitest";
import { audit } from "../../../services/audit/record.ts";
import { createGuest } from "../../../services/guests/create-guest.ts";
import { newId } from "../../../utils/ids.ts";
import { strangerCtx } from "../../support/ctx.ts";
import { appForFile } from "../../support/for-file.ts";

const { app: node, database } = await appForFile();

it("an audit entry: names the guest and the request, and contains no name or address", async () => {
  const ctx = strangerCtx(node.services);
  const { session } = await createGuest(ctx, { displayName: "Quite Private" });
  const [entry] = await database.db.auditEntry.findMany({ where: { subjectId: session.user.id } });
  expect(entry).toMatchObject({
    action: "guest_created",
    actorId: session.user.id,
    subjectType: "user",
    requestId: ctx.requestId,
    data: {},
  });
});

it("the audit log: is append-only", async () => {
  const subjectId = newId();
  await audit(
    { ...strangerCtx(node.services), db: database.db },
    { action: "session_ended", subjectType: "session", subjectId, data: { reason: "expired" } },
  );
  const entry = await database.db.auditEntry.findFirstOrThrow({ where: { subjectId } });
  await expect(database.db.auditEntry.update({ where: { id: entry.id }, data: { action: "nothing" } })).rejects.toThrow("append-only");
  await expect(database.db.auditEntry.delete({ where: { id: entry.id } })).rejects.toThrow("append-only");
  expect(await database.db.auditEntry.findUnique({ where: { id: entry.id } })).toEqual(entry);
});
