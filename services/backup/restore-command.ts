// `npm run restore -- <backup>`: restores a backup of the embedded database into an empty DATA_DIR, while no server runs.
import { type Config, ConfigError, loadConfig } from "../../utils/config.ts";
import { restore } from "./restore.ts";

const USAGE = "Usage: npm run restore -- <backup>";
const NOT_EMBEDDED = "DATABASE_URL is set, so the database is not embedded. Restore it with pg_restore or PostgreSQL's own tools.";

async function run({ dataDir }: Config, backup: string): Promise<void> {
  await restore({ dataDir, backup });
  console.log(
    `The backup was restored to ${dataDir}. Start the server with the APP_SECRET and DATA_KEY that were used when the backup was made.`,
  );
}

const [backup, ...rest] = process.argv.slice(2);
if (backup === undefined || backup.startsWith("-") || rest.length > 0) {
  console.error(USAGE);
  process.exitCode = 64;
} else {
  try {
    const config = loadConfig(process.env);
    if (config.database === undefined) await run(config, backup);
    else {
      console.error(NOT_EMBEDDED);
      process.exitCode = 64;
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError ? 78 : 1;
  }
}
