import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { prepareHome } from "../prisma/embedded/data-dir.ts";
import { findPostmaster } from "../prisma/embedded/postmaster.ts";
import { clusterProcesses } from "../prisma/embedded/shutdown.ts";
import { TEST_SECRETS } from "./support/app.ts";
import { testDatabase, testFolder } from "./support/database/db.ts";
import { createGate } from "./support/gate.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

type Starting = { readonly child: ChildProcess; readonly log: string[]; readonly ended: Promise<unknown[]> };

/** Starts the real server without waiting for it. */
function begin(env: Readonly<Record<string, string>>): Starting {
  const settings = { NODE_ENV: "test", PORT: "0", HOST: "127.0.0.1", ...TEST_SECRETS, ...env };
  const child = spawn(process.execPath, ["--import", "tsx", "server.ts"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", ...settings },
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
  return { child, log, ended: once(child, "exit") };
}

const words = ({ log }: Starting): string => log.join("");

it("SIGTERM during the start: exits with code 0 and stops the embedded database, whatever the start was doing", async () => {
  const folder = await testFolder();
  const moments: ((server: Starting) => Promise<boolean>)[] = [
    // While the database of a new folder starts.
    async () => (await findPostmaster(await prepareHome(folder.path))) !== null,
    // While it migrates the tables and opens the rest.
    async (server) => words(server).includes("PostgreSQL is ready"),
  ];
  for (const isMoment of moments) {
    const server = begin({ DATA_DIR: folder.path });
    await expect.poll(() => isMoment(server), { interval: 5 }).toBe(true);
    server.child.kill("SIGTERM");
    expect(await server.ended).toEqual([0, null]);
    expect(words(server)).not.toContain("is listening at");
    expect(words(server)).not.toMatch(/\b(warn|error)\b/);
    expect(clusterProcesses(await prepareHome(folder.path))).toEqual([]);
  }
  await folder.remove();
});

it("SIGTERM while the start waits for a hanging database: exits with code 0", async () => {
  const database = await testDatabase();
  const gate = await createGate(database.url);
  gate.hang();
  const folder = await testFolder();
  const server = begin({ DATABASE_URL: gate.url, DATA_DIR: folder.path });
  await gate.entered();
  server.child.kill("SIGTERM");
  expect(await server.ended).toEqual([0, null]);
  await gate.close();
  await database.drop();
  await folder.remove();
});

it("an unavailable database at the start: prints one sentence without a stack and exits with code 1", async () => {
  const server = begin({ DATABASE_URL: "postgresql://chatroom@127.0.0.1:1/chatroom" });
  expect(await server.ended).toEqual([1, null]);
  expect(words(server)).toBe("The database cannot be reached: connect ECONNREFUSED 127.0.0.1:1.\n");
});
