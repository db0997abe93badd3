// `npm run admin -- <username>`: makes a member an admin, beside a running server or without one.
import { createClient } from "../../prisma/client.ts";
import { findEmbedded, startEmbedded } from "../../prisma/embedded.ts";
import { migrate } from "../../prisma/migrate.ts";
import { createPool } from "../../prisma/pool.ts";
import { type Config, ConfigError, loadConfig } from "../../utils/config.ts";
import { makeAdmin, type Outcome } from "./make-admin.ts";

const USAGE = "Usage: npm run admin -- <username>";

const words: Record<Outcome, (username: string) => string> = {
  made: (username) => `${username} is an admin now. Nobody needs to sign in again.`,
  was_already: (username) => `${username} is an admin already.`,
  not_found: (username) => `There is no member with the username "${username}". Sign up with it on the site first.`,
  is_bot: (username) => `${username} is a bot, and bots cannot be admins.`,
};

/** A database's address, and how to let go of it. */
type Opened = { readonly url: string; readonly isServed: boolean; close(): Promise<void> };

const nothing = async (): Promise<void> => undefined;

/** The configured database; else the one a running server keeps in the data folder; else that folder's, started for the moment. */
async function openDatabase({ database, dataDir }: Config): Promise<Opened> {
  if (database !== undefined) return { url: database.url, isServed: false, close: nothing };
  const served = await findEmbedded(dataDir);
  if (served !== null) return { url: served, isServed: true, close: nothing };
  const embedded = await startEmbedded({ dataDir });
  return { url: embedded.url, isServed: false, close: embedded.stop };
}

async function run(username: string): Promise<Outcome> {
  const { url, isServed, close } = await openDatabase(loadConfig(process.env));
  const pool = createPool(url, { max: 2, onError: (error) => console.error(error.message) });
  const db = createClient(pool);
  try {
    if (!isServed) await migrate(pool);
    return await makeAdmin(db, username);
  } finally {
    await db.$disconnect();
    await pool.end();
    await close();
  }
}

const [username, ...rest] = process.argv.slice(2);
if (username === undefined || username.startsWith("-") || rest.length > 0) {
  console.error(USAGE);
  process.exitCode = 64;
} else {
  try {
    const outcome = await run(username);
    const isDone = outcome === "made" || outcome === "was_already";
    (isDone ? console.log : console.error)(words[outcome](username));
    if (!isDone) process.exitCode = 1;
  } catch (error) {
    console.error(error instanceof ConfigError || error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}
