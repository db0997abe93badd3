import { beforeEach, describe, expect, it } from "vitest";
import { setContact } from "../../../../services/contacts/contacts.ts";
import type { Services } from "../../../../services/context.ts";
import { sendMessage } from "../../../../services/messages/send.ts";
import { userKeys } from "../../../../services/privacy/data-retention-registry.ts";
import { deleteMe } from "../../../../services/privacy/erasure/delete-me.ts";
import { eraseAccounts } from "../../../../services/privacy/erasure/erase-accounts.ts";
import { cancelDeletion } from "../../../../services/users/cancel-deletion.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { ctxOf, strangerCtx } from "../../../support/ctx.ts";
import { tablesWith } from "../../../support/database/all-tables.ts";
import { exportOf } from "../../../support/export.ts";
import { issueSanction, makeGuest, makeMember, makeRoom, type Person, storedMessages, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();
let roomId: string;
let serial = 0;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  roomId = await makeRoom(app.services);
});

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const due = (): void => clock.advance(limits.deletionGraceMs + 1_000);

/** Creates a member with a row in every possible table, and a canary string in every text. */
async function canary(): Promise<{ person: Person; word: string }> {
  serial += 1;
  const word = `canary${serial}x`;
  const person = await makeMember(app.services, { username: word, displayName: `${word} Bird`, isProven: true });
  const { id: userId } = person;
  const { db, vault } = app.services;
  await db.session.update({ where: { id: person.sessionId }, data: { userAgent: `${word}/1.0` } });
  await db.refreshToken.create({ data: { sessionId: person.sessionId, hash: bytes(word) } });
  const birthDate = vault.seal({ table: "users", field: "birth_date", id: userId }, "1990-01-01");
  await db.user.update({
    where: { id: userId },
    data: { bio: word, pronouns: word, languages: [word], learning: [word], avatarUrl: word, birthDate },
  });
  await setContact(app.services, { userId, kind: "email", value: `${word}@example.org`, isVerified: true });
  const contact = await setContact(app.services, {
    userId,
    kind: "phone",
    value: `+49151${String(serial).padStart(8, "0")}`,
    isVerified: true,
  });
  await db.credential.create({ data: { userId, passwordHash: word, totpSecret: bytes(word) } });
  await db.recoveryCode.create({ data: { userId, hash: bytes(word) } });
  await db.passkey.create({ data: { userId, credentialId: bytes(word), publicKey: bytes(word), name: word, transports: [word] } });
  const expiresAt = new Date(clock.now().getTime() + 1_000);
  await db.passkeyChallenge.create({ data: { userId, purpose: "step_up", challenge: word, expiresAt } });
  await db.mailToken.create({ data: { userId, contactId: contact.id, hash: bytes(word), purpose: "verify_email", expiresAt } });
  const codeId = newId();
  const code = {
    id: codeId,
    purpose: "change",
    sealed: vault.seal({ table: "phone_verifications", field: "sealed", id: codeId }, word),
    prefix: "+49",
  } as const;
  await db.phoneVerification.create({ data: { ...code, userId, blindIndex: bytes(word), codeHash: bytes(word), expiresAt } });
  await db.guestMerge.create({
    data: { userId, guestId: (await makeGuest(app.services, { displayName: "A guest" })).id, finishedAt: new Date(0) },
  });
  const actionId = await issueSanction(database, userId, { kind: "mute", until: new Date(1) });
  await db.appeal.create({ data: { id: newId(), actionId, userId, text: word, state: "upheld", answer: word } });
  await app.services.joinLoader.enter(roomId, userId);
  await sendMessage(ctxOf(app.services, person), textFor(roomId, { text: `${word} says` }));
  return { person, word };
}

const leave = (person: Person, messages: "keep" | "erase") => deleteMe(ctxOf(app.services, person), { confirmation: "DELETE", messages });

/** Returns the rows that still reference a user, of the tables whose rows should be gone. */
async function leftOf(userId: string): Promise<string[]> {
  const left: string[] = [];
  for (const { table, column, onErasure } of userKeys) {
    if (onErasure !== "cascade") continue;
    const { rowCount } = await database.pool.query(`SELECT FROM ${table} WHERE ${column} = $1`, [userId]);
    if (rowCount !== 0) left.push(table);
  }
  return left;
}

describe("erasing an account that is due", () => {
  it("leaves none of its text anywhere if its messages are to be deleted", async () => {
    const { person, word } = await canary();
    await database.db.contact.deleteMany({ where: { userId: person.id, kind: "phone" } });
    const { id } = await exportOf(app, person);
    expect(await database.db.exportChunk.count({ where: { exportId: id } })).toBeGreaterThan(0);
    const before = await tablesWith(database.pool, [word]);
    for (const table of [
      "users",
      "sessions",
      "credentials",
      "recovery_codes",
      "passkeys",
      "passkey_challenges",
      "mail_tokens",
      "messages",
      "refresh_tokens",
      "phone_verifications",
      "appeals",
    ])
      expect(before).toContain(table);
    await leave(person, "erase");
    expect(await eraseAccounts(app.services, { limit: 100 })).toBe(0);
    due();
    expect(await eraseAccounts(app.services, { limit: 100 })).toBe(1);
    expect(await tablesWith(database.pool, [word])).toEqual([]);
    expect(await leftOf(person.id)).toEqual([]);
    expect(await database.db.exportChunk.count({ where: { exportId: id } })).toBe(0);
    expect(await database.db.user.findUniqueOrThrow({ where: { id: person.id } })).toMatchObject({
      displayName: "Deleted user",
      username: null,
      usernameSkeleton: null,
      birthDate: null,
      role: "member",
    });
    expect(await database.db.moderationAction.count({ where: { userId: person.id } })).toBe(1);
    expect(await database.db.auditEntry.count({ where: { subjectId: person.id, action: "user_erased" } })).toBe(1);
  });

  it("keeps the messages without an author name if they are to stay", async () => {
    const { person, word } = await canary();
    await leave(person, "keep");
    due();
    await eraseAccounts(app.services, { limit: 100 });
    expect(await tablesWith(database.pool, [word])).toEqual(["messages"]);
    expect(await storedMessages(database.pool, roomId)).toMatchObject([{ text: `${word} says`, deleted_at: null }]);
  });

  it("releases its username", async () => {
    const { person, word } = await canary();
    await leave(person, "keep");
    await expect(makeMember(app.services, { username: word })).rejects.toMatchObject({ code: "P2002" });
    due();
    await eraseAccounts(app.services, { limit: 100 });
    await makeMember(app.services, { username: word });
  });
});

/** Services of which one part fails once, as if the process had died there. */
type Failing = { readonly name: string; readonly services: (services: Services) => Services };

const dies = (): never => {
  throw new Error("killed");
};

const kills: readonly Failing[] = [
  { name: "once the sessions are gone", services: (all) => ({ ...all, publish: { ...all.publish, sessionEnded: dies } }) },
  { name: "between two batches of messages", services: (all) => ({ ...all, events: { ...all.events, publish: dies } }) },
  {
    name: "before the row is emptied",
    services: (all) => ({
      ...all,
      db: new Proxy(all.db, { get: (db, name) => (name === "$transaction" ? dies : Reflect.get(db, name)) }) as typeof all.db,
    }),
  },
];

describe("an interrupted erasure", () => {
  it.each(kills)("$name is resumed, and the account cannot be used meanwhile", async ({ services }) => {
    const { person, word } = await canary();
    await app.services.db.session.create({ data: { userId: person.id, expiresAt: new Date(clock.now().getTime() + 100 * 86_400_000) } });
    await leave(person, "erase");
    due();
    await expect(eraseAccounts(services(app.services), { limit: 100 })).rejects.toThrow("1 of 1 rows failed");
    expect((await database.db.user.findUniqueOrThrow({ where: { id: person.id } })).erasedAt).toBeNull();
    const returning = cancelDeletion({ ...app.services, ...strangerCtx(app.services) }, person.id);
    await expect(returning).rejects.toMatchObject({ code: "invalid_credentials" });
    clock.advance(61_000);
    expect(await eraseAccounts(app.services, { limit: 100 })).toBe(1);
    expect(await tablesWith(database.pool, [word])).toEqual([]);
    expect(await leftOf(person.id)).toEqual([]);
  });

  it("does not delay the erasure of other accounts", async () => {
    const first = await canary();
    const second = await canary();
    for (const { person } of [first, second]) await leave(person, "erase");
    due();
    let calls = 0;
    const publish: Services["events"]["publish"] = (name, payload) => (calls++ === 0 ? dies() : app.services.events.publish(name, payload));
    await expect(eraseAccounts({ ...app.services, events: { ...app.services.events, publish } }, { limit: 100 })).rejects.toThrow(
      "1 of 2 rows failed",
    );
    const erased = await database.db.user.count({ where: { id: { in: [first.person.id, second.person.id] }, erasedAt: { not: null } } });
    expect(erased).toBe(1);
    clock.advance(61_000);
    expect(await eraseAccounts(app.services, { limit: 100 })).toBe(1);
  });
});

it("erasing an account: stops when its owner signs in at the last moment", async () => {
  const { person } = await canary();
  await leave(person, "erase");
  due();
  const query: Services["pool"]["query"] = app.services.pool.query.bind(app.services.pool);
  let isBack = false;
  // The owner signs in after the job has found the account and before the job has locked it.
  const pool = new Proxy(app.services.pool, {
    get(target, name) {
      if (name === "query") return query;
      if (name !== "connect") return Reflect.get(target, name);
      return async () => {
        isBack ||= await cancelDeletion({ ...app.services, ...strangerCtx(app.services) }, person.id);
        return target.connect();
      };
    },
  });
  expect(await eraseAccounts({ ...app.services, pool }, { limit: 100 })).toBe(0);
  expect(isBack).toBe(true);
  expect((await storedMessages(database.pool, roomId)).map(({ deleted_at }) => deleted_at)).toEqual([null]);
  expect(await database.db.credential.count({ where: { userId: person.id } })).toBe(1);
});
