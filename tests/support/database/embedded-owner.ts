/**
 * A process that runs an embedded database and writes one row after another, printing each once it is committed. Tests kill it. With the
 * argument "idle" it only starts.
 */
import { startEmbedded } from "../../../prisma/embedded.ts";
import { createPool } from "../../../prisma/pool.ts";

const [dataDir = "", mode] = process.argv.slice(2);
const say = (line: string) => process.stdout.write(`${line}\n`);

const database = await startEmbedded({ dataDir });
const pool = createPool(database.url, { onError: () => undefined });
process.once("SIGTERM", () => void pool.end().then(database.stop));
say("ready");

if (mode !== "idle") {
  await pool.query("CREATE TABLE IF NOT EXISTS kept (id int PRIMARY KEY)");
  for (let id = 1; ; id++) {
    await pool.query("INSERT INTO kept VALUES ($1)", [id]);
    say(String(id));
  }
}
