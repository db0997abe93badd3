// `npm run epoch:new`: begins a new epoch by hand, while the server is stopped.
import { startEmbedded } from "../../prisma/embedded.ts";
import { migrate } from "../../prisma/migrate.ts";
import { createPool } from "../../prisma/pool.ts";
import { loadConfig } from "../../utils/config.ts";
import { beginEpoch } from "./epoch.ts";

const config = loadConfig(process.env);
const embedded = config.database ? null : await startEmbedded({ dataDir: config.dataDir });
const pool = createPool(config.database?.url ?? embedded?.url ?? "", { max: 1, onError: (error) => console.error(error.message) });
try {
  await migrate(pool);
  console.log(`The new epoch is ${await beginEpoch(pool)}. Clients take a fresh snapshot when they connect.`);
} finally {
  await pool.end();
  await embedded?.stop();
}
