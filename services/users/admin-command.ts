// `npm run admin -- <username>`: makes a member an admin, beside a running server or without one.
import { openBeside } from "../../prisma/beside.ts";
import { createClient } from "../../prisma/client.ts";
import { ConfigError, loadConfig } from "../../utils/config.ts";
import { makeAdmin, type Outcome } from "./make-admin.ts";

const USAGE = "Usage: npm run admin -- <username>";

const words: Record<Outcome, (username: string) => string> = {
  made: (username) => `${username} is an admin now. Nobody needs to sign in again.`,
  was_already: (username) => `${username} is an admin already.`,
  not_found: (username) => `There is no member with the username "${username}". Sign up with it on the site first.`,
  is_bot: (username) => `${username} is a bot, and bots cannot be admins.`,
};

async function run(username: string): Promise<Outcome> {
  const { pool, close } = await openBeside(loadConfig(process.env));
  const db = createClient(pool);
  try {
    return await makeAdmin(db, username);
  } finally {
    await db.$disconnect();
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
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}
