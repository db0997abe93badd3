import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, chown, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";

/** The path of the program if it is installed. Debian puts it into a folder that is not on every PATH. */
const PROGRAM = [...(process.env.PATH ?? "").split(":"), "/usr/sbin"]
  .map((folder) => join(folder, "pgbouncer"))
  .find((path) => existsSync(path));

export const hasPgBouncer = PROGRAM !== undefined;
if (!hasPgBouncer) console.warn("PgBouncer is not installed: its tests are skipped. Install the package pgbouncer to run them.");

export type PgBouncer = {
  /** The database's address through the pooler. */
  readonly url: string;
  remove(): Promise<void>;
};

export type PgBouncerSettings = { readonly pool_mode: "session" | "transaction" | "statement" } & Readonly<Record<string, string>>;

/** Starts a PgBouncer for a database of the test cluster, under the account that may access the cluster's folder. */
export async function startPgBouncer(databaseUrl: string, settings: PgBouncerSettings): Promise<PgBouncer> {
  const database = new URL(databaseUrl);
  const name = database.pathname.slice(1);
  const host = database.searchParams.get("host") ?? "";
  const { uid, gid } = await stat(host);
  const folder = await mkdtemp(join(tmpdir(), "chatroom-pgbouncer-"));
  const chosen = {
    listen_port: "6432",
    unix_socket_dir: folder,
    auth_type: "any",
    max_client_conn: "200",
    default_pool_size: "40",
    ...settings,
  };
  const login = `user=${database.username} password='${decodeURIComponent(database.password)}'`;
  const file = join(folder, "pgbouncer.ini");
  const lines = Object.entries(chosen).map(([key, value]) => `${key} = ${value}`);
  await writeFile(file, `[databases]\n${name} = host=${host} dbname=${name} ${login}\n[pgbouncer]\n${lines.join("\n")}\n`);
  for (const path of [folder, file]) await chown(path, uid, gid);
  await chmod(folder, 0o711);
  const server = spawn(PROGRAM ?? "", ["-q", file], { uid, gid, cwd: "/", stdio: "ignore" });
  await vi.waitUntil(() => existsSync(join(folder, ".s.PGSQL.6432")) || server.exitCode !== null, { timeout: 30_000 });
  const url = new URL(`postgresql://chatroom@localhost/${name}`);
  url.searchParams.set("host", folder);
  url.port = "6432";
  return {
    url: url.href,
    async remove() {
      const gone = server.exitCode === null ? once(server, "exit") : null;
      server.kill("SIGQUIT");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
