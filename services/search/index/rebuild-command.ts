// `npm run search:rebuild`: rebuilds the index of all messages, with or without a running server.

import { runCommand } from "../../../prisma/command.ts";
import { openForCommand } from "../../../prisma/open-cli.ts";
import { rebuildSearch } from "./rebuild.ts";

await runCommand(async (config) => {
  const { pool, close } = await openForCommand(config);
  try {
    const total = await rebuildSearch(pool, {
      onProgress: (messages) => console.log(`${messages} messages so far`),
      onFailure: (error) => console.error(error.message),
    });
    console.log(`Every message can be found: ${total} are in the index.`);
  } finally {
    await close();
  }
});
