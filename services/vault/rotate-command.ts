// `npm run keys:rotate`: re-encrypts all private fields with the current DATA_KEY, with or without a running server.

import { runCommand } from "../../prisma/command.ts";
import { openForCommand } from "../../prisma/open-cli.ts";
import type { Config } from "../../utils/config.ts";
import { type Rotation, rotateKeys } from "./rotate.ts";

const NO_KEYS = "DATA_KEY is not set. Set it to the new key, and DATA_KEY_PREVIOUS to the previous one.";

function summaryOf({ resealed, unreadable, isDone }: Rotation): string {
  const count = `${resealed} values were re-encrypted with the current DATA_KEY`;
  if (!isDone)
    return `${count}, but servers are still encrypting with another key. Restart every server with the new keys and run this command again.`;
  if (unreadable > 0)
    return `${count}. ${unreadable} values cannot be decrypted with the given keys and were left unchanged. Keep the previous keys.`;
  return `${count}. No other key is in use, so DATA_KEY_PREVIOUS can be removed.`;
}

async function run(config: Config, keys: NonNullable<Config["dataKeys"]>): Promise<void> {
  const { pool, close } = await openForCommand(config);
  try {
    const rotation = await rotateKeys(pool, { keys });
    const isComplete = rotation.isDone && rotation.unreadable === 0;
    (isComplete ? console.log : console.error)(summaryOf(rotation));
    if (!isComplete) process.exitCode = 1;
  } finally {
    await close();
  }
}

await runCommand(async (config) => {
  if (config.dataKeys !== undefined) return run(config, config.dataKeys);
  console.error(NO_KEYS);
  process.exitCode = 64;
});
