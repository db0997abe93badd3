import { beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "../../../../prisma/transaction.ts";
import { auditInTransaction } from "../../../../services/audit/record.ts";
import type { AuditRowDto } from "../../../../utils/contract/schemas/moderation/records.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const { app, database } = await appForFile();
let admin: Person;

beforeEach(async () => {
  admin = await makeMember(app.services, { role: "admin" });
});

const list = (query = "") => restOf(app, admin).get<Page<AuditRowDto>>(`/api/moderation/audit${query}`);

async function append(actorId: string, subjectId: string, action: "role_changed" | "bot_created" = "role_changed"): Promise<void> {
  const caller = { actor: { id: actorId }, requestId: "a-request" };
  await inTransaction(database.pool, (tx) =>
    auditInTransaction(tx, caller, { action, subjectType: "user", subjectId, data: { to: "admin" } }),
  );
}

describe("GET /api/moderation/audit", () => {
  it("returns rows newest first, each with its position and the hash of the row before it", async () => {
    const subjectId = newId();
    for (let index = 0; index < 3; index += 1) await append(admin.id, subjectId);
    const { items } = (await list("?limit=3")).body;
    expect(items[0]).toMatchObject({
      actorId: admin.id,
      subjectId,
      action: "role_changed",
      subjectType: "user",
      data: { to: "admin" },
      requestId: "a-request",
      hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(items.map(({ number }) => number)).toEqual([0, 1, 2].map((back) => (items[0]?.number ?? 0) - back));
    expect(items.map(({ previousHash }) => previousHash).slice(0, 2)).toEqual(items.map(({ hash }) => hash).slice(1));
  });

  it("filters by action, actor and subject, and continues after the last row of a page", async () => {
    const [actor, other, subject] = [newId(), newId(), newId()];
    await append(actor, subject);
    await append(other, subject);
    await append(actor, subject, "bot_created");
    await append(actor, newId());
    const read = async (query: string) => (await list(`?${query}`)).body.items.map(({ action, actorId }) => [action, actorId]);
    expect(await read(`subjectId=${subject}`)).toEqual([
      ["bot_created", actor],
      ["role_changed", other],
      ["role_changed", actor],
    ]);
    expect(await read(`actorId=${other}`)).toEqual([["role_changed", other]]);
    expect(await read(`actorId=${actor}&action=role_changed&subjectId=${subject}`)).toEqual([["role_changed", actor]]);
    const first = (await list(`?actorId=${actor}&limit=2`)).body;
    const second = (await list(`?actorId=${actor}&limit=2&cursor=${first.nextCursor}`)).body;
    expect(first.items).toHaveLength(2);
    expect(second).toMatchObject({ items: [{ action: "role_changed", subjectId: subject }], nextCursor: null });
  });

  it("rejects a cursor of another list, and everyone but admins", async () => {
    expectError(await list("?cursor=abc"), 400, "invalid_input");
    const moderator = await makeMember(app.services, { role: "moderator" });
    expectError(await restOf(app, moderator).get("/api/moderation/audit"), 403, "forbidden");
  });
});
