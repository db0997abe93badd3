// `npm run audit:expire`: removes expired entries of the audit log, with or without a running server.

import { runCommand } from "../../prisma/command.ts";
import { openForCommand } from "../../prisma/open-cli.ts";
import { systemClock } from "../../utils/clock.ts";
import type { Config } from "../../utils/config.ts";
import { expireEntries, openAuditOwner } from "./expire-entries.ts";

const BATCH = 500;
const NO_OWNER = "Another role owns the audit log. Set AUDIT_DATABASE_URL to its address.";

async function expireAll(config: Config, opened: Awaited<ReturnType<typeof openForCommand>>): Promise<number | null> {
  const owner = await openAuditOwner(opened);
  if (owner === null) return null;
  try {
    for (let total = 0; ; ) {
      const removed = await expireEntries({ now: systemClock, rules: config }, { client: owner.client, limit: BATCH });
      total += removed;
      if (removed < BATCH) return total;
    }
  } finally {
    await owner.close();
  }
}

await runCommand(async (config) => {
  const opened = await openForCommand(config);
  try {
    const removed = await expireAll(config, opened);
    (removed === null ? console.error : console.log)(removed === null ? NO_OWNER : `${removed} expired entries were removed.`);
    if (removed === null) process.exitCode = 1;
  } finally {
    await opened.close();
  }
});
