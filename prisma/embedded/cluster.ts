import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, link, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import type { Account, Home } from "./data-dir.ts";

const run = promisify(execFile);

/** `admin` may do anything in the cluster; `app` owns its databases and nothing else. */
export type Passwords = { readonly admin: string; readonly app: string };

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;
const randomName = (): string => randomBytes(4).toString("hex");

export const clusterFolder = (home: Home): string => join(home.path, "cluster");

/** Changes the owner of a path to the account of the database, if that is not our own. */
export async function give(path: string, account: Account): Promise<void> {
  if (account !== null) await chown(path, account.uid, account.gid);
}

/** Reads the passwords of the cluster, or creates them. Two concurrent processes get the same ones. */
export async function loadPasswords(home: Home): Promise<Passwords> {
  const path = join(home.path, "passwords.json");
  if (!(await exists(path))) {
    const draft = `${path}.${randomName()}`;
    const passwords: Passwords = { admin: randomBytes(24).toString("hex"), app: randomBytes(24).toString("hex") };
    await writeFile(draft, JSON.stringify(passwords), { mode: 0o600, flush: true });
    await link(draft, path).catch(() => undefined);
    await rm(draft);
  }
  return JSON.parse(await readFile(path, "utf8")) as Passwords;
}

async function runInitdb(binaries: string, folder: string, home: Home): Promise<void> {
  const options = [
    `--pgdata=${folder}`,
    `--pwfile=${join(folder, "..", "password")}`,
    "--username=postgres",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    `--lc-ctype=${process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8"}`,
  ];
  const environment = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
  await run(join(binaries, "initdb"), options, { cwd: "/", env: environment, ...home.account });
}

/**
 * Creates the cluster unless it exists. It is created in a draft folder and moved as a whole, so that a killed start leaves no cluster
 * that looks complete.
 */
export async function createCluster(home: Home, binaries: string, passwords: Passwords): Promise<void> {
  if (await exists(clusterFolder(home))) return;
  const draft = join(home.path, `draft-${randomName()}`);
  await mkdir(draft, { mode: 0o700 });
  try {
    await writeFile(join(draft, "password"), passwords.admin, { mode: 0o600 });
    for (const path of [draft, join(draft, "password")]) await give(path, home.account);
    await runInitdb(binaries, join(draft, "cluster"), home);
    await rename(join(draft, "cluster"), clusterFolder(home)).catch(async (error: unknown) => {
      if (!(await exists(clusterFolder(home)))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Returns the address of a database of the cluster, through its socket folder. */
export const addressOf = (socketFolder: string, login: { user: string; password: string; database: string }): string =>
  `postgresql://${login.user}:${login.password}@localhost/${login.database}?host=${encodeURIComponent(socketFolder)}`;

/** Lets the application read when the cluster's files were created, by which it detects a restored copy. */
async function allowFileTimes(socketFolder: string, passwords: Passwords): Promise<void> {
  const client = new pg.Client({
    connectionString: addressOf(socketFolder, { user: "postgres", password: passwords.admin, database: "chatroom" }),
  });
  await client.connect();
  await client.query("GRANT EXECUTE ON FUNCTION pg_stat_file(text) TO chatroom").finally(() => client.end());
}

async function createMissing(admin: pg.Client, socketFolder: string, passwords: Passwords): Promise<void> {
  const { rows: roles } = await admin.query("SELECT 1 FROM pg_roles WHERE rolname = 'chatroom'");
  if (roles.length === 0) await admin.query(`CREATE ROLE chatroom LOGIN CREATEDB PASSWORD ${pg.escapeLiteral(passwords.app)}`);
  const { rows: databases } = await admin.query("SELECT 1 FROM pg_database WHERE datname = 'chatroom'");
  if (databases.length === 0) await admin.query("CREATE DATABASE chatroom OWNER chatroom");
  // Granted at every start: an earlier one may have been killed between the two statements.
  await allowFileTimes(socketFolder, passwords);
}

/** The addresses of the application's database: `url` for its own role, `ownerUrl` for the superuser, who owns what that role must not change. */
export type Addresses = { readonly url: string; readonly ownerUrl: string };

export const addressesOf = (socketFolder: string, { app, admin }: Passwords): Addresses => ({
  url: addressOf(socketFolder, { user: "chatroom", password: app, database: "chatroom" }),
  ownerUrl: addressOf(socketFolder, { user: "postgres", password: admin, database: "chatroom" }),
});

/** Ensures that the application's role and database exist, and returns the addresses of the database. */
export async function createDatabase(admin: pg.Client, socketFolder: string, passwords: Passwords): Promise<Addresses> {
  await createMissing(admin, socketFolder, passwords);
  return addressesOf(socketFolder, passwords);
}
