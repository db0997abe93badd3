import { expect, it } from "vitest";
import { allJobs } from "../../../jobs/index.ts";
import purgeCodes from "../../../jobs/purge-codes.ts";
import { purgePhoneCodes } from "../../../services/auth/purge-codes.ts";
import { sha256 } from "../../../utils/crypto.ts";
import { newId } from "../../../utils/ids.ts";
import { makeMember } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const at = (ms: number): Date => new Date(Date.now() + ms);

const { app: node, database } = await appForFile();

async function sentCode(createdAt: Date): Promise<string> {
  const bytes = new Uint8Array(32);
  const row = { id: newId(), purpose: "signup", sealed: bytes, blindIndex: bytes, prefix: "+491", codeHash: bytes } as const;
  await database.db.phoneVerification.create({ data: { ...row, createdAt, expiresAt: new Date(createdAt.getTime() + 10 * MINUTE) } });
  return row.id;
}

it("purging codes: removes codes after a day, used and expired tokens, and unanswered challenges, and keeps the others", async () => {
  const { id: userId } = await makeMember(node.services);
  const kept = [await sentCode(at(-DAY + MINUTE)), await sentCode(at(0))];
  for (const ago of [1, 2, 3]) await sentCode(at(-ago * DAY - MINUTE));
  const token = (name: string, expiresAt: Date, usedAt: Date | null) =>
    database.db.mailToken.create({
      data: { hash: new Uint8Array(sha256(name)), purpose: "verify_email", userId, contactId: newId(), expiresAt, usedAt },
    });
  await token("good", at(MINUTE), null);
  await token("used", at(MINUTE), at(-MINUTE));
  await token("old", at(-MINUTE), null);
  for (const expiresAt of [at(-MINUTE), at(MINUTE)])
    await database.db.passkeyChallenge.create({ data: { id: newId(), purpose: "sign_in", challenge: "x", expiresAt } });
  expect(allJobs).toContain(purgeCodes);
  expect(await purgeCodes.run(node.services)).toBe(6);
  expect((await database.db.phoneVerification.findMany({ orderBy: { createdAt: "asc" } })).map(({ id }) => id)).toEqual(kept);
  expect((await database.db.mailToken.findMany()).map(({ hash }) => Buffer.from(hash))).toEqual([sha256("good")]);
  expect(await database.db.passkeyChallenge.count()).toBe(1);
  expect(await purgeCodes.run(node.services)).toBe(0);
});

it("purging codes: works in batches of at most the given size", async () => {
  for (let rows = 0; rows < 5; rows++) await sentCode(at(-2 * DAY));
  expect(await purgePhoneCodes(node.services, { limit: 2 })).toBe(2);
  expect(await purgePhoneCodes(node.services, { limit: 10 })).toBe(3);
});

it("purging codes: removes attempts of a number after a day, and counts of text messages after 30 days", async () => {
  const triesAt = async (name: string, times: readonly Date[]) => {
    const lastTriedAt = times.at(-1) ?? at(0);
    await database.db.phoneCodeTries.create({ data: { blindIndex: new Uint8Array(sha256(name)), triedAt: [...times], lastTriedAt } });
  };
  await triesAt("old", [at(-2 * DAY), at(-DAY - MINUTE)]);
  await triesAt("recent", [at(-2 * DAY), at(-DAY + MINUTE)]);
  const days = [at(-32 * DAY), at(-29 * DAY), at(0)];
  for (const day of days) await database.db.smsBudget.create({ data: { day, sent: 1 } });
  expect(await purgeCodes.run(node.services)).toBe(2);
  expect((await database.db.phoneCodeTries.findMany()).map((row) => Buffer.from(row.blindIndex))).toEqual([sha256("recent")]);
  const kept = (await database.db.smsBudget.findMany({ orderBy: { day: "asc" } })).map(({ day }) => day.toISOString().slice(0, 10));
  expect(kept).toEqual(days.slice(1).map((day) => day.toISOString().slice(0, 10)));
});
