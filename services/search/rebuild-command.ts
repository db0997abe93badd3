// `npm run search:rebuild`: indexes every message anew, beside a running server or without one.
import { openBeside } from "../../prisma/beside.ts";
import { ConfigError, loadConfig } from "../../utils/config.ts";
import { rebuildSearch } from "./rebuild.ts";

try {
  const { pool, close } = await openBeside(loadConfig(process.env));
  try {
    const total = await rebuildSearch(pool, {
      onProgress: (messages) => console.log(`${messages} messages so far`),
      onFailure: (error) => console.error(error.message),
    });
    console.log(`Every message can be found: ${total} are in the index.`);
  } finally {
    await close();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof ConfigError ? 78 : 1;
}
