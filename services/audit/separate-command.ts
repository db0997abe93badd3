// `npm run audit:separate`: gives the audit log of your own PostgreSQL to the role in AUDIT_DATABASE_URL.

import type pg from "pg";
import { connectSafely, ownsAuditLog, separateAuditLog } from "../../prisma/audit/separate.ts";
import { runCommand } from "../../prisma/command.ts";

const USAGE = "DATABASE_URL and AUDIT_DATABASE_URL must be set: the audit log of the embedded database is separate already.";
const SAME = "AUDIT_DATABASE_URL must have another role than DATABASE_URL.";
const DONE = "The audit log belongs to the role in AUDIT_DATABASE_URL. The server can append to it, but not change it.";
const STILL = "The server's role can still change the audit log, because it is a superuser or a member of the role in AUDIT_DATABASE_URL.";

const WHO = "SELECT current_user::text AS name";

const roleOf = async (client: pg.Client): Promise<string> => (await client.query<{ name: string }>(WHO)).rows[0]?.name ?? "";

/** Separates the audit log. Migrates nothing, because the server's role may have lost the right to do so already. */
async function separate(app: pg.Client, owner: pg.Client): Promise<string> {
  const roles = { app: await roleOf(app), owner: await roleOf(owner) };
  if (roles.app === roles.owner) return SAME;
  await separateAuditLog(owner, roles);
  return (await ownsAuditLog(app)) ? STILL : DONE;
}

async function run(url: string, auditUrl: string): Promise<string> {
  const app = await connectSafely(url);
  try {
    const owner = await connectSafely(auditUrl);
    return await separate(app, owner).finally(() => owner.end());
  } finally {
    await app.end();
  }
}

await runCommand(async (config) => {
  if (config.database === undefined || config.auditDatabase === undefined) {
    console.error(USAGE);
    process.exitCode = 64;
    return;
  }
  const message = await run(config.database.url, config.auditDatabase.url);
  (message === DONE ? console.log : console.error)(message);
  if (message !== DONE) process.exitCode = 1;
});
