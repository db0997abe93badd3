// `npm run search:rebuild`: rebuilds the index of all messages, with or without a running server.

import { runCommand } from "../../../prisma/command.ts";
import { openForCommand } from "../../../prisma/open-cli.ts";
import { rebuildSearch } from "./rebuild.ts";

await runCommand(async (config) => {
  const { pool, close } = await openForCommand(config);
  try {
    const total = await rebuildSearch(pool, {
      onProgress: (messages) => console.log(`${messages} messages indexed so far`),
      onFailure: (error) => console.error(error.message),
    });
    console.log(`The index is complete. Messages: ${total}.`);
  } finally {
    await close();
  }
});
