// `npm run keys:rotate`: re-encrypts all private fields with the current DATA_KEY, with or without a running server.

import { runCommand } from "../../prisma/command.ts";
import { openForCommand } from "../../prisma/open-cli.ts";
import type { Config } from "../../utils/config.ts";
import { type Rotation, rotateKeys } from "./rotate.ts";

const NO_KEYS = "DATA_KEY is not set, so there is nothing to change to. Set the new key, and the former one as DATA_KEY_PREVIOUS.";

function summaryOf({ resealed, unreadable, isDone }: Rotation): string {
  const count = `${resealed} values were sealed with today's DATA_KEY`;
  if (!isDone)
    return `${count}, but others go on being sealed with another one. Restart every server with the new keys and run this again.`;
  if (unreadable > 0) return `${count}. ${unreadable} open with none of the keys given and were left as they are; keep the former keys.`;
  return `${count}. No other key is in use; DATA_KEY_PREVIOUS is needed no more.`;
}

async function run(config: Config, keys: NonNullable<Config["dataKeys"]>): Promise<void> {
  const { pool, close } = await openForCommand(config);
  try {
    const rotation = await rotateKeys(pool, { keys });
    const isClean = rotation.isDone && rotation.unreadable === 0;
    (isClean ? console.log : console.error)(summaryOf(rotation));
    if (!isClean) process.exitCode = 1;
  } finally {
    await close();
  }
}

await runCommand(async (config) => {
  if (config.dataKeys !== undefined) return run(config, config.dataKeys);
  console.error(NO_KEYS);
  process.exitCode = 64;
});
