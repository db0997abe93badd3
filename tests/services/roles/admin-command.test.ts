import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createClient } from "../../../prisma/client.ts";
import { findEmbedded } from "../../../prisma/embedded.ts";
import { createPool } from "../../../prisma/pool.ts";
import { deriveKeys } from "../../../services/auth/tokens/keys.ts";
import type { MeDto } from "../../../utils/contract/schemas/auth.ts";
import { TEST_SECRET } from "../../support/app.ts";
import { createRest } from "../../support/client.ts";
import { testFolder } from "../../support/database/db.ts";
import { makeMember } from "../../support/factories.ts";
import { databaseForFile } from "../../support/for-file.ts";
import { startServer } from "../../support/process.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const issuer = { keys: deriveKeys({ current: TEST_SECRET }), now: () => new Date() };

const database = await databaseForFile();

/** Runs the command as its script does, from source. */
async function run(args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--import", "tsx", "services/roles/admin-command.ts", ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...env },
  });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, words: words.trim() };
}

describe("npm run admin", () => {
  it("grants the admin role to a member, reports it and records it without an actor; a second run changes nothing", async () => {
    const { id } = await makeMember({ ...database, ...issuer }, { username: "first.admin" });
    const env = { DATABASE_URL: database.url };
    expect(await run(["First.Admin"], env)).toEqual({ code: 0, words: "First.Admin is now an admin. Existing sessions stay valid." });
    expect((await database.db.user.findUniqueOrThrow({ where: { id } })).role).toBe("admin");
    expect(await run(["first.admin"], env)).toEqual({ code: 0, words: "first.admin is already an admin." });
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: id } });
    expect(entries).toMatchObject([{ action: "role_changed", actorId: null, data: { from: "member", to: "admin" } }]);
  }, 30_000);

  it("rejects unknown users and bots, and prints its usage", async () => {
    await makeMember({ ...database, ...issuer }, { username: "a.bot", kind: "bot" });
    const env = { DATABASE_URL: database.url };
    expect(await run(["nobody.here"], env)).toMatchObject({ code: 1, words: expect.stringContaining('"nobody.here"') as string });
    expect(await run(["a.bot"], env)).toMatchObject({ code: 1, words: expect.stringContaining("bot") as string });
    expect(await run([], env)).toEqual({ code: 64, words: "Usage: npm run admin -- <username>" });
    expect(await database.db.user.count({ where: { username: "nobody.here" } })).toBe(0);
  }, 30_000);

  it("works with and without a running server on the embedded database, which applies the role within 2 s", async () => {
    const folder = await testFolder();
    const env = { DATA_DIR: folder.path, APP_SECRET: TEST_SECRET };
    const server = await startServer(env);
    const url = (await findEmbedded(folder.path)) ?? "";
    const pool = createPool(url, { onError: () => undefined });
    const db = createClient(pool);
    const ann = await makeMember({ db, ...issuer }, { username: "ann" });
    const bob = await makeMember({ db, ...issuer }, { username: "bob" });
    const rest = createRest(server.url);
    rest.token = ann.token;
    const me = async () => (await rest.get<MeDto>("/api/auth/me")).body;
    expect((await me()).role).toBe("member");
    expect(await run(["ann"], env)).toMatchObject({ code: 0 });
    await expect.poll(async () => (await me()).permissions, { timeout: 2_000 }).toContain("change_roles");
    await db.$disconnect();
    await pool.end();
    await server.end("SIGTERM");
    expect(await run(["bob"], env)).toEqual({ code: 0, words: "bob is now an admin. Existing sessions stay valid." });
    expect(await run([bob.id], env)).toMatchObject({ code: 1 });
    await folder.remove();
  }, 60_000);
});
