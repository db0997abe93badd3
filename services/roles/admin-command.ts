// `npm run admin -- <username>`: makes a member an admin, with or without a running server.

import { createClient } from "../../prisma/client.ts";
import { runCommand } from "../../prisma/command.ts";
import { openForCommand } from "../../prisma/open-cli.ts";
import type { Config } from "../../utils/config.ts";
import { makeAdmin, type Outcome } from "./make-admin.ts";

const USAGE = "Usage: npm run admin -- <username>";

const messages: Record<Outcome, (username: string) => string> = {
  made: (username) => `${username} is now an admin. Existing sessions stay valid.`,
  was_already: (username) => `${username} is already an admin.`,
  not_found: (username) => `There is no member with the username "${username}". Sign up on the site first.`,
  is_bot: (username) => `${username} is a bot, and bots cannot be admins.`,
};

async function run(config: Config, username: string): Promise<Outcome> {
  const { pool, close } = await openForCommand(config);
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
  await runCommand(async (config) => {
    const outcome = await run(config, username);
    const isDone = outcome === "made" || outcome === "was_already";
    (isDone ? console.log : console.error)(messages[outcome](username));
    if (!isDone) process.exitCode = 1;
  });
}
