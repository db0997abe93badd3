import pg from "pg";
import { migrate, pendingMigrations } from "../migrate.ts";
import { connectSafely, separateAuditLog } from "./separate.ts";

/** The role of the server in the embedded database, and the one that owns its audit log and never connects. */
const ROLES = { app: "chatroom", owner: "chatroom_audit" } as const;

async function createOwner(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [ROLES.owner]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${pg.escapeIdentifier(ROLES.owner)} NOLOGIN`);
}

/** Runs the pending migrations as a member of the owner's role, because they may change the audit log. */
async function migrateAsMember(client: pg.Client, pool: pg.Pool): Promise<string[]> {
  const [app, owner] = [ROLES.app, ROLES.owner].map((name) => pg.escapeIdentifier(name));
  await client.query(`GRANT ${owner} TO ${app}`);
  try {
    return await migrate(pool);
  } finally {
    await client.query(`REVOKE ${owner} FROM ${app}`);
  }
}

/**
 * Migrates a database with the server's role. In the embedded one, whose superuser has the address `ownerUrl`, it then gives the audit log
 * to a role of its own, so that the server can append to it but not change it.
 * @returns the names of the applied migrations
 */
export async function migrateDatabase(pool: pg.Pool, ownerUrl: string | null): Promise<string[]> {
  if (ownerUrl === null) return migrate(pool);
  const client = await connectSafely(ownerUrl);
  try {
    await createOwner(client);
    const isPending = (await pendingMigrations(pool)).length > 0;
    const applied = isPending ? await migrateAsMember(client, pool) : [];
    // A start that was killed may have left the membership.
    if (!isPending) await client.query(`REVOKE ${ROLES.owner} FROM ${ROLES.app}`);
    await separateAuditLog(client, ROLES);
    return applied;
  } finally {
    await client.end();
  }
}
