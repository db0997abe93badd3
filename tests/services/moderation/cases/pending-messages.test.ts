import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { makeConversation, makeMember } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { messageBy, readCaseAs } from "../../../support/moderation/cases.ts";

const { app, database } = await appForFile();

const MIGRATION = new URL("../../../../prisma/migrations/20261130043000_case_reviews/migration.sql", import.meta.url);

/** Returns the statement of the migration that opens the cases. */
const statement = (): string => /INSERT INTO "moderation_cases"[^;]*;/.exec(readFileSync(MIGRATION, "utf8"))?.[0] ?? "";

it("the migration that introduces cases: opens one for each message that waits for review, as the queue did", async () => {
  const [eve, ann] = [await makeMember(app.services, { displayName: "Eve" }), await makeMember(app.services)];
  const talk = await makeConversation(app.services, [eve, ann]);
  const held = await messageBy(app, eve, talk, "held before");
  const rejected = await messageBy(app, eve, talk);
  await messageBy(app, eve, talk);
  await database.pool.query("UPDATE messages SET seq = NULL, changed_seq = NULL, moderation = 'pending' WHERE id = $1", [held]);
  await database.pool.query("UPDATE messages SET seq = NULL, changed_seq = NULL, moderation = 'removed' WHERE id = $1", [rejected]);
  await database.pool.query(statement());
  const cases = await database.db.moderationCase.findMany();
  expect(cases).toMatchObject([
    { kind: "held", targetKind: "message", targetId: held, subjectId: eve.id, roomId: talk, loungeId: null, reason: "spam" },
  ]);
  expect(cases[0]?.evidenceOf.sort()).toEqual([eve.id, ann.id].sort());
  const moderator = await makeMember(app.services, { role: "moderator" });
  const { body } = await readCaseAs(app, moderator, cases[0]?.id ?? "");
  expect(body.evidence).toMatchObject({
    message: { id: held, text: "held before", author: { id: eve.id, displayName: "Eve" }, editedAt: null },
    context: [],
    conversation: { roomId: talk, kind: "group" },
  });
});
