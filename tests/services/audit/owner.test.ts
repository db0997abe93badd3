import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import purgeAuditLog from "../../../jobs/purge-audit-log.ts";
import { migrateDatabase } from "../../../prisma/audit/migrate-database.ts";
import { ownsAuditLog, separateAuditLog } from "../../../prisma/audit/separate.ts";
import { type EmbeddedDatabase, findAddresses, startEmbedded } from "../../../prisma/embedded.ts";
import { allMigrations, migrate } from "../../../prisma/migrate.ts";
import { createPool } from "../../../prisma/pool.ts";
import { verifyChain } from "../../../services/audit/verify-chain.ts";
import type { Services } from "../../../services/context.ts";
import { loadConfig } from "../../../utils/config.ts";
import { newId } from "../../../utils/ids.ts";
import { TEST_SECRETS } from "../../support/app.ts";
import { runCommandFile } from "../../support/command.ts";
import { testFolder } from "../../support/database/db.ts";
import { databaseUrl } from "../../support/database/postgres.ts";
import { startServer } from "../../support/process.ts";

const VERIFY = "services/audit/verify-command.ts";
const EXPIRE = "services/audit/expire-command.ts";
const SEPARATE = "services/audit/separate-command.ts";
const DAY = 86_400_000;

const folder = await testFolder();
let embedded: EmbeddedDatabase;
let pool: pg.Pool;
let superuser: pg.Client;

const open = (url: string): pg.Pool => createPool(url, { max: 4, onError: () => undefined });

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

beforeAll(async () => {
  embedded = await startEmbedded({ dataDir: folder.path, isDurable: false });
  pool = open(embedded.url);
  superuser = await connect(embedded.ownerUrl);
  await migrateDatabase(pool, embedded.ownerUrl);
});

afterAll(async () => {
  await superuser.end();
  await pool.end();
  await embedded.stop();
  await folder.remove();
});

const append = async (to: { query: pg.Pool["query"] }, days = 0, action = "signed_in"): Promise<string> => {
  const id = newId();
  const at = new Date(Date.now() - days * DAY);
  await to.query("INSERT INTO audit_log (id, at, action, subject_type) VALUES ($1, $2, $3, 'user')", [id, at, action]);
  return id;
};

const idsOf = async (from: { query: pg.Pool["query"] }): Promise<string[]> =>
  (await from.query<{ id: string }>("SELECT e.id FROM audit_log e JOIN audit_chain c ON c.entry_id = e.id ORDER BY c.number")).rows.map(
    ({ id }) => id,
  );

describe("the role of the server in the embedded database", () => {
  it("appends entries, reads them, and creates tables of its own", async () => {
    await append(pool);
    expect(await verifyChain(pool)).toMatchObject({ fault: null });
    await pool.query("CREATE TABLE own (id int); DROP TABLE own; CREATE SCHEMA own; DROP SCHEMA own");
    expect(await ownsAuditLog(pool)).toBe(false);
  });

  it.each([
    "UPDATE audit_log SET action = 'other'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "DROP TABLE audit_log",
    "DROP SCHEMA public CASCADE",
    "DROP OWNED BY chatroom_audit CASCADE",
    "ALTER TABLE audit_log DISABLE TRIGGER USER",
    "ALTER TABLE audit_log DROP COLUMN data",
    "ALTER TABLE audit_log OWNER TO chatroom",
    "ALTER TABLE audit_log RENAME TO other",
    "DROP TRIGGER audit_log_chain ON audit_log",
    "CREATE TRIGGER mine BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE mine AS ON INSERT TO audit_log DO INSTEAD NOTHING",
    "CREATE OR REPLACE FUNCTION audit_append() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
    "CREATE OR REPLACE FUNCTION audit_encode(VARIADIC fields text[]) RETURNS bytea LANGUAGE sql AS $$ SELECT ''::bytea $$",
    "INSERT INTO audit_chain (number, at, action, content_hash, previous_hash, hash) SELECT 0, at, action, content_hash, previous_hash, hash FROM audit_chain",
    "UPDATE audit_chain SET action = 'other'",
    "DELETE FROM audit_chain",
    "UPDATE audit_head SET number = 0",
    "UPDATE audit_anchor SET number = 0",
    "SET chatroom.audit_expiry = 'on'; DELETE FROM audit_log",
    "SELECT audit_expire(now(), now(), 100)",
    "SET ROLE chatroom_audit",
    "GRANT chatroom_audit TO chatroom",
    "SET session_replication_role = replica",
    "ALTER SCHEMA public RENAME TO other",
    "ALTER DATABASE chatroom RENAME TO other",
  ])("may not: %s", async (statement) => {
    const id = await append(superuser, 400);
    const client = await connect(embedded.url);
    await expect(client.query(statement)).rejects.toMatchObject({ code: "42501" });
    await client.end();
    expect(await idsOf(superuser)).toContain(id);
    expect(await verifyChain(pool)).toMatchObject({ fault: null });
  });

  it("may not drop the database from another one", async () => {
    const client = await connect(databaseUrl(embedded.url, "postgres"));
    await expect(client.query("DROP DATABASE chatroom WITH (FORCE)")).rejects.toMatchObject({ code: "42501" });
    await client.end();
  });

  it("cannot make the chain execute functions that it creates", async () => {
    await pool.query(`
      CREATE FUNCTION public.sha256(text) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$;
      CREATE FUNCTION public.convert_to(text, text) RETURNS bytea LANGUAGE sql AS $$ SELECT '\\x00'::bytea $$`);
    await append(pool);
    expect(await verifyChain(pool)).toMatchObject({ fault: null });
    await pool.query("DROP FUNCTION public.sha256(text); DROP FUNCTION public.convert_to(text, text)");
  });
});

describe("starting on an existing data folder", () => {
  it("takes the audit log away from the server's role, also after a start that was killed during a migration", async () => {
    await superuser.query("GRANT chatroom_audit TO chatroom");
    expect(await ownsAuditLog(pool)).toBe(true);
    await migrateDatabase(pool, embedded.ownerUrl);
    expect(await ownsAuditLog(pool)).toBe(false);
  });

  it("chains the entries of an older version, and applies a later migration of the audit log", async () => {
    const other = await testFolder();
    const { url, ownerUrl, stop } = await startEmbedded({ dataDir: other.path, isDurable: false });
    const old = open(url);
    const all = await allMigrations();
    const position = all.findIndex(({ name }) => name.endsWith("_audit_chain"));
    await migrate(old, all.slice(0, position));
    const ids = [await append(old, 3), await append(old, 2), await append(old, 1)];
    await migrateDatabase(old, ownerUrl);
    expect(await idsOf(old)).toEqual(ids);
    expect(await verifyChain(old)).toMatchObject({ checked: 3, fault: null });
    await expect(old.query("DELETE FROM audit_log")).rejects.toMatchObject({ code: "42501" });
    const later = { name: "9_later", sql: "ALTER TABLE audit_log ADD COLUMN later text", checksum: "" };
    await expect(migrate(old, [later])).rejects.toThrow(/must be owner of table audit_log/);
    const client = await connect(ownerUrl);
    await client.query("GRANT chatroom_audit TO chatroom");
    expect(await migrate(old, [later])).toEqual(["9_later"]);
    await client.end();
    await append(old);
    expect(await verifyChain(old)).toMatchObject({ checked: 4, fault: null });
    await old.end();
    await stop();
    await other.remove();
  });
});

describe("the job that removes expired entries", () => {
  const services = (auditUrl: string | null) => {
    const warnings: string[] = [];
    const rules = loadConfig({ NODE_ENV: "test" });
    const logger = { warn: (text: string) => warnings.push(text) };
    return { warnings, run: () => purgeAuditLog.run({ pool, auditUrl, rules, logger, now: () => new Date() } as unknown as Services) };
  };

  it("uses the owner's connection, and without one removes nothing and says so", async () => {
    const old = await append(superuser, 400);
    const without = services(null);
    expect(await without.run()).toBe(0);
    expect(without.warnings).toHaveLength(1);
    expect(await idsOf(pool)).toContain(old);
    expect(await services(embedded.ownerUrl).run()).toBeGreaterThan(0);
    expect(await idsOf(pool)).not.toContain(old);
    expect(await verifyChain(pool)).toMatchObject({ fault: null });
  });
});

describe("the commands on the embedded database", () => {
  it("verify and expire the audit log with and without a running server", async () => {
    const other = await testFolder();
    const env = { DATA_DIR: other.path };
    const server = await startServer({ ...env, ...TEST_SECRETS });
    expect(server.log.join("\n")).not.toContain("could change the audit log");
    const { ownerUrl = "" } = (await findAddresses(other.path)) ?? {};
    const client = await connect(ownerUrl);
    await append(client, 400);
    const kept = [await append(client, 300), await append(client), await append(client)];
    const [head] = (await client.query<{ head: string }>("SELECT number || ':' || encode(hash, 'hex') AS head FROM audit_head")).rows;
    const complete = (count: number) => ({
      code: 0,
      words: `The audit log is complete: ${count} rows were verified.\nThe newest row is ${head?.head}`,
    });
    expect(await runCommandFile(VERIFY, env)).toEqual(complete(4));
    expect(await runCommandFile(EXPIRE, env)).toEqual({ code: 0, words: "1 expired entries were removed." });
    expect(await runCommandFile(VERIFY, env, [head?.head ?? ""])).toEqual(complete(3));
    await client.query("SET session_replication_role = replica");
    await client.query("UPDATE audit_log SET action = 'signed_im' WHERE id = $1", [kept[1]]);
    const changed = { code: 1, words: "Number 3 is broken: its entry was changed. 1 rows before it were verified." };
    expect(await runCommandFile(VERIFY, env)).toEqual(changed);
    await client.end();
    expect(await server.end("SIGTERM")).toBe(0);
    expect(await runCommandFile(VERIFY, env)).toEqual(changed);
    expect(await runCommandFile(EXPIRE, env)).toEqual({ code: 0, words: "0 expired entries were removed." });
    expect(await runCommandFile(VERIFY, env, ["3"])).toEqual({ code: 64, words: "Usage: npm run audit:verify -- [<number>:<hash>]" });
    await other.remove();
  });
});

describe("npm run audit:separate", () => {
  it("separates the audit log of an own database, which the server's role may not change or expire from then on", async () => {
    await superuser.query(
      "CREATE ROLE site LOGIN PASSWORD 'site'; CREATE ROLE site_audit LOGIN PASSWORD 'site_audit'; GRANT site TO site_audit",
    );
    await superuser.query("CREATE DATABASE site OWNER site");
    const address = (user: string): string => {
      const url = new URL(databaseUrl(embedded.url, "site"));
      url.username = user;
      url.password = user;
      return url.href;
    };
    const env = { DATABASE_URL: address("site") };
    const server = await startServer({ ...env, ...TEST_SECRETS });
    expect(server.log.join("\n").match(/could change the audit log/g)).toHaveLength(1);
    expect(await server.end("SIGTERM")).toBe(0);
    expect(await runCommandFile(SEPARATE, env)).toMatchObject({ code: 64 });
    const both = { ...env, AUDIT_DATABASE_URL: address("site_audit") };
    await superuser.query("ALTER DATABASE site OWNER TO site_audit");
    const done = "The audit log belongs to the role in AUDIT_DATABASE_URL. The server can append to it, but not change it.";
    expect(await runCommandFile(SEPARATE, both)).toEqual({ code: 0, words: done });
    expect(await runCommandFile(SEPARATE, both)).toEqual({ code: 0, words: done });
    const site = open(env.DATABASE_URL);
    await append(site, 400);
    await expect(site.query("DELETE FROM audit_log")).rejects.toMatchObject({ code: "42501" });
    await expect(site.query("ALTER TABLE audit_log DISABLE TRIGGER USER")).rejects.toMatchObject({ code: "42501" });
    expect(await runCommandFile(EXPIRE, env)).toMatchObject({ code: 1 });
    expect(await runCommandFile(EXPIRE, both)).toEqual({ code: 0, words: "1 expired entries were removed." });
    const again = await startServer({ ...env, ...TEST_SECRETS });
    expect(again.log.join("\n")).not.toContain("could change the audit log");
    await again.end("SIGTERM");
    expect(await runCommandFile(VERIFY, env)).toMatchObject({ code: 0 });
    await site.end();
  });
});

it("separating twice changes nothing the second time", async () => {
  expect(await separateAuditLog(superuser, { app: "chatroom", owner: "chatroom_audit" })).toBe(false);
});
