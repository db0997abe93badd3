// `npm run backup -- [folder]`: backs up the embedded database, with or without a running server.
import { join } from "node:path";
import { backUp } from "../../prisma/embedded/backup.ts";
import { type Config, ConfigError, loadConfig } from "../../utils/config.ts";

const USAGE = "Usage: npm run backup -- [folder]";
const NOT_EMBEDDED = "DATABASE_URL is set, so the database is not embedded. Back it up with pg_dump or pg_basebackup.";

async function run(config: Config, folder: string): Promise<void> {
  const stop = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => stop.abort(new Error("The backup was interrupted.")));
  const { path, bytes } = await backUp({ dataDir: config.dataDir, folder, signal: stop.signal });
  console.log(`The backup is in ${path} (${(bytes / 1e6).toFixed(1)} MB).`);
}

const [folder, ...rest] = process.argv.slice(2);
if (folder?.startsWith("-") || rest.length > 0) {
  console.error(USAGE);
  process.exitCode = 64;
} else {
  try {
    const config = loadConfig(process.env);
    if (config.database === undefined) await run(config, folder ?? join(config.dataDir, "backups"));
    else {
      console.error(NOT_EMBEDDED);
      process.exitCode = 64;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}
