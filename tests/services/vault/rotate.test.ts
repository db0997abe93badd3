import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createClient } from "../../../prisma/client.ts";
import { findEmbedded } from "../../../prisma/embedded.ts";
import { createPool } from "../../../prisma/pool.ts";
import { deriveKeys } from "../../../services/auth/tokens/keys.ts";
import { contactOf, findPhone, setContact } from "../../../services/contacts/contacts.ts";
import { openVault } from "../../../services/vault/open.ts";
import { rotateKeys } from "../../../services/vault/rotate.ts";
import { type SealedColumn, sealedColumns } from "../../../services/vault/sealed-columns.ts";
import type { Vault } from "../../../services/vault/vault.ts";
import { allFiles, readText, sourceFiles } from "../../house/sources.ts";
import { TEST_SECRET } from "../../support/app.ts";
import { type TestDatabase, testDatabase, testFolder } from "../../support/database/db.ts";
import { makeMember } from "../../support/factories.ts";
import { startServer } from "../../support/process.ts";

const NEW = "n3Vq8sLw0yTz5KcR1uXb7HgJ4mPd9FaE";
const OLD = "o2iQ6tWvn3Vq8sLw0yTz5KcR1uXb7HgJ";
const KEYS = { current: NEW, previous: OLD };
const now = (): Date => new Date();

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(() => database.drop());

const numberOf = (person: number): string => `+4915123${String(person).padStart(6, "0")}`;

/** Creates a user with a value in every sealed column. */
async function makeSealed(vault: Vault, person: number): Promise<string> {
  const { db } = database;
  const { id: userId } = await makeMember({ db, keys: deriveKeys({ current: TEST_SECRET }), now });
  const contact = await setContact({ db, vault, now }, { userId, kind: "phone", value: numberOf(person), isVerified: true });
  const soon = new Date(Date.now() + 600_000);
  const code = {
    purpose: "reset",
    blindIndex: vault.blindIndex("phone", "x"),
    prefix: "+491",
    codeHash: new Uint8Array(32),
  } as const;
  const seal = (table: string, field: string, id: string) => vault.seal({ table, field, id }, `${field} of ${person}`);
  const sealedCode = vault.seal({ table: "phone_verifications", field: "sealed", id: contact.id }, `sealed of ${person}`);
  await db.phoneVerification.create({ data: { ...code, id: contact.id, userId, sealed: sealedCode, expiresAt: soon } });
  await db.credential.create({ data: { userId, passwordHash: "x", totpSecret: seal("credentials", "totp_secret", userId) } });
  await db.user.update({ where: { id: userId }, data: { birthDate: seal("users", "birth_date", userId) } });
  const profileSnapshot = seal("account_deletions", "former_self", userId);
  await db.accountDeletion.create({ data: { userId, dueAt: soon, messages: "keep", profileSnapshot } });
  return userId;
}

async function sealedRows({ table, field, id }: SealedColumn): Promise<{ id: string; sealed: Buffer }[]> {
  const text = `SELECT ${id} AS id, ${field} AS sealed FROM ${table} WHERE ${field} IS NOT NULL ORDER BY 1`;
  return (await database.pool.query<{ id: string; sealed: Buffer }>(text)).rows;
}

/** Opens every sealed value; throws if one cannot be opened. @returns the number of values */
async function openAll(vault: Vault): Promise<number> {
  let count = 0;
  for (const column of sealedColumns) {
    for (const { id, sealed } of await sealedRows(column)) {
      vault.open({ table: column.table, field: column.field, id }, sealed);
      count += 1;
    }
  }
  return count;
}

describe("rotating the data key", () => {
  it("completes while users read and write; afterwards the former key is no longer needed", async () => {
    const old = await openVault(database.pool, { current: OLD });
    const people: string[] = [];
    for (let person = 0; person < 120; person++) people.push(await makeSealed(old, person));
    const changing = await openVault(database.pool, KEYS);
    const books = { db: database.db, vault: changing, now };
    let isOver = false;
    let written = 120;
    const traffic = (async () => {
      let turns = 0;
      for (; !isOver; turns++) {
        const person = turns % 120;
        expect((await findPhone(books, numberOf(person)))?.userId).toBe(people[person]);
        expect((await contactOf(books, people[person] ?? "", "phone"))?.value).toBe(numberOf(person));
        if (turns % 5 === 0) await makeSealed(changing, written++);
        // A server that was not restarted yet still seals with the former key.
        if (turns < 40 && turns % 8 === 0) await makeSealed(old, written++);
      }
      return turns;
    })();
    const rotation = await rotateKeys(database.pool, { keys: KEYS, batch: 2 }).finally(() => {
      isOver = true;
    });
    expect(await traffic).toBeGreaterThan(5);
    expect(rotation).toMatchObject({ isDone: true, unreadable: 0 });
    expect(rotation.resealed).toBeGreaterThanOrEqual(5 * 120 + 1);
    // The values that this server wrote behind the last pass are found by another run.
    await rotateKeys(database.pool, { keys: KEYS });
    const fresh = await openVault(database.pool, { current: NEW });
    expect(await openAll(fresh)).toBe(5 * written);
    expect((await findPhone({ ...books, vault: fresh }, numberOf(3)))?.userId).toBe(people[3]);
    await expect(openVault(database.pool, { current: OLD })).rejects.toThrow("an unknown data key");
  }, 60_000);

  it("resumes an interrupted run, and does nothing after a complete one", async () => {
    const old = await openVault(database.pool, { current: OLD });
    for (let person = 0; person < 20; person++) await makeSealed(old, person);
    let batches = 0;
    const cut = rotateKeys(database.pool, {
      keys: KEYS,
      batch: 6,
      onBatch: () => {
        batches += 1;
        if (batches === 5) throw new Error("the lights went out");
      },
    });
    await expect(cut).rejects.toThrow("the lights went out");
    const changing = await openVault(database.pool, KEYS);
    expect(await openAll(changing)).toBe(100);
    const rest = await rotateKeys(database.pool, { keys: KEYS, batch: 6 });
    expect(rest).toMatchObject({ isDone: true, unreadable: 0 });
    expect(rest.resealed).toBeGreaterThan(60);
    expect(rest.resealed).toBeLessThan(80);
    const before = await Promise.all(sealedColumns.map(sealedRows));
    expect(await rotateKeys(database.pool, { keys: KEYS })).toEqual({ resealed: 0, unreadable: 0, isDone: true });
    expect(await Promise.all(sealedColumns.map(sealedRows))).toEqual(before);
  }, 30_000);

  it("skips and counts values that neither key can open", async () => {
    const old = await openVault(database.pool, { current: OLD });
    const [userId] = [await makeSealed(old, 1)];
    const lost = new Uint8Array(60).fill(9);
    await database.db.user.update({ where: { id: userId }, data: { birthDate: lost } });
    expect(await rotateKeys(database.pool, { keys: KEYS })).toEqual({ resealed: 5, unreadable: 1, isDone: true });
    expect((await database.db.user.findUniqueOrThrow({ where: { id: userId } })).birthDate).toEqual(lost);
  });
});

describe("the list of sealed columns", () => {
  /** Columns of bytes that are not sealed: hashes, indexes, public keys, and the chunks of an export. */
  const otherBytes = [
    "api_tokens.hash",
    ...["audit_anchor.hash", "audit_chain.content_hash", "audit_chain.hash", "audit_chain.previous_hash", "audit_head.hash"],
    "contacts.blind_index",
    "export_pieces.bytes",
    "guest_bans.hash",
    "mail_tokens.hash",
    "passkeys.credential_id",
    "passkeys.public_key",
    "phone_code_tries.blind_index",
    "phone_verifications.blind_index",
    "phone_verifications.code_hash",
    "phone_verifications.proof_hash",
    "recovery_codes.hash",
    "refresh_tokens.hash",
    "sessions.device_hash",
    "sessions.network_hash",
  ];

  it("covers every column of bytes: each is sealed or listed as not sealed", async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
    );
    const sealed = sealedColumns.map(({ table, field }) => `${table}.${field}`);
    expect(rows.map(({ name }) => name)).toEqual([...sealed, ...otherBytes].sort());
  });

  it("covers every place in the code that seals", () => {
    const places = sourceFiles()
      .filter((path) => path.startsWith("services/") && path !== "services/vault/open.ts")
      .flatMap((path) => [...readText(path).matchAll(/table: "(\w+)", field: "(\w+)"/g)].map(([, table, field]) => `${table}.${field}`));
    expect([...new Set(places)].sort()).toEqual(sealedColumns.map(({ table, field }) => `${table}.${field}`).sort());
  });
});

describe("npm run keys:rotate", () => {
  const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

  /** Runs the command as its script does, from source. */
  async function run(env: Readonly<Record<string, string>>) {
    const child = spawn(process.execPath, ["--import", "tsx", "services/vault/rotate-command.ts"], {
      cwd: ROOT,
      env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...env },
    });
    let words = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
    const [code] = (await once(child, "close")) as [number];
    return { code, words: words.trim() };
  }

  it("is a script that the build produces", () => {
    expect(readText("package.json")).toContain(
      '"keys:rotate": "node utils/tooling/build.mjs && node dist/services/vault/rotate-command.js"',
    );
    expect(allFiles()).toContain("services/vault/rotate-command.ts");
  });

  it("reports its result, and requires both keys", async () => {
    await makeSealed(await openVault(database.pool, { current: OLD }), 1);
    const url = { DATABASE_URL: database.url };
    expect(await run(url)).toMatchObject({ code: 64, words: expect.stringContaining("DATA_KEY is not set") as string });
    const wrong = await run({ ...url, DATA_KEY: NEW });
    expect([wrong.code, wrong.words]).toEqual([1, expect.stringContaining("an unknown data key")]);
    const done = await run({ ...url, DATA_KEY: NEW, DATA_KEY_PREVIOUS: OLD });
    expect(done).toEqual({
      code: 0,
      words: "6 values were re-encrypted with the current DATA_KEY. No other key is in use, so DATA_KEY_PREVIOUS can be removed.",
    });
    expect(await openAll(await openVault(database.pool, { current: NEW }))).toBe(5);
  }, 60_000);

  it("works while a server runs on the embedded database, which continues with both keys and then starts with only the new one", async () => {
    const folder = await testFolder();
    const env = { DATA_DIR: folder.path, APP_SECRET: TEST_SECRET };
    await (await startServer({ ...env, DATA_KEY: OLD })).end("SIGTERM");
    const server = await startServer({ ...env, DATA_KEY: NEW, DATA_KEY_PREVIOUS: OLD });
    const pool = createPool((await findEmbedded(folder.path)) ?? "", { onError: () => undefined });
    const db = createClient(pool);
    const vault = await openVault(pool, { current: NEW, previous: OLD });
    const { id } = await makeMember({ db, keys: deriveKeys({ current: TEST_SECRET }), now });
    await setContact(
      { db, vault: await openVault(pool, { current: OLD }), now },
      { userId: id, kind: "email", value: "a@example.org", isVerified: true },
    );
    expect(await run({ ...env, DATA_KEY: NEW, DATA_KEY_PREVIOUS: OLD })).toMatchObject({ code: 0 });
    expect((await contactOf({ db, vault }, id, "email"))?.value).toBe("a@example.org");
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await db.$disconnect();
    await pool.end();
    await server.end("SIGTERM");
    const next = await startServer({ ...env, DATA_KEY: NEW });
    expect((await fetch(`${next.url}/health`)).status).toBe(200);
    await next.end("SIGTERM");
    await folder.remove();
  }, 90_000);
});
