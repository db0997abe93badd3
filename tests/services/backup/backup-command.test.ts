import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../../prisma/client.ts";
import { prepareHome } from "../../../prisma/embedded/data-dir.ts";
import { findPostmaster } from "../../../prisma/embedded/postmaster.ts";
import { findEmbedded } from "../../../prisma/embedded.ts";
import type { PrismaClient } from "../../../prisma/generated/client.ts";
import { createPool } from "../../../prisma/pool.ts";
import { deriveKeys } from "../../../services/auth/tokens/keys.ts";
import { setContact } from "../../../services/contacts/contacts.ts";
import { openVault } from "../../../services/vault/open.ts";
import type { MeDto } from "../../../utils/contract/schemas/auth.ts";
import type { Page } from "../../../utils/contract/schemas/primitives.ts";
import type { FoundMessageDto } from "../../../utils/contract/schemas/search.ts";
import { newId } from "../../../utils/ids.ts";
import { TEST_SECRET, TEST_SECRETS } from "../../support/app.ts";
import { createRest } from "../../support/client.ts";
import { testFolder } from "../../support/database/db.ts";
import { issueSanction, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { type ServerProcess, startServer } from "../../support/process.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const FIRST_MESSAGES = 50;

/** Rows of these tables change during the backup, which may contain a later version of the same row. */
const CHANGING = ["rooms", "users", "room_members", "sessions", "search_progress", "job_runs"];

type Outcome = { readonly code: number; readonly output: string };
type Sent = { readonly id: string; readonly roomId: string; readonly seq: number };
type Folder = Awaited<ReturnType<typeof testFolder>>;
/** The rows of every table as text, by table and primary key. */
type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Runs a command as its script does, from source. */
async function run(command: "backup" | "restore", args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const child = spawn(process.execPath, ["--import", "tsx", `services/backup/${command}-command.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, output: output.trim() };
}

/** Sends messages to every room until it is stopped. `acked` lists those that the server acknowledged, in order. */
function keepSending(live: Live, rooms: readonly string[]): { readonly acked: Sent[]; end(): Promise<void> } {
  const acked: Sent[] = [];
  let isEnding = false;
  const sending = rooms.map(async (roomId) => {
    while (!isEnding) {
      const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: `under load ${newId()}` });
      acked.push({ id: message.id, roomId, seq: message.seq ?? 0 });
    }
  });
  return {
    acked,
    async end() {
      isEnding = true;
      await Promise.all(sending);
    },
  };
}

const KEYS = `
  SELECT c.relname AS table, array_agg(quote_ident(a.attname) ORDER BY a.attname) AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey)
  WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname`;

async function readRows(pool: pg.Pool): Promise<Rows> {
  const { rows: tables } = await pool.query<{ table: string; columns: string[] }>(KEYS);
  const read = async ({ table, columns }: (typeof tables)[number]) => {
    const key = `jsonb_build_array(${columns.join()})::text`;
    const { rows } = await pool.query<{ key: string; row: string }>(`SELECT ${key} AS key, to_jsonb(t)::text AS row FROM "${table}" t`);
    return [table, Object.fromEntries(rows.map(({ key: name, row }) => [name, row]))] as const;
  };
  return Object.fromEntries(await Promise.all(tables.map(read)));
}

/** Returns the rows of `before` that are missing from `after` or have other content there. */
function missingRows(before: Rows, after: Rows): string[] {
  return Object.entries(before).flatMap(([table, rows]) =>
    Object.entries(rows).flatMap(([key, row]) => {
      const found = after[table]?.[key];
      const isThere = CHANGING.includes(table) ? found !== undefined : found === row;
      return isThere ? [] : [`${table} ${key}: ${row} became ${found}`];
    }),
  );
}

/** Finds rooms whose counter does not match their messages, among those that did not change afterwards. */
const GAPS = `
  SELECT r.id, r.last_seq, count(m.id) AS messages, max(m.seq) AS seq FROM rooms r LEFT JOIN messages m ON m.room_id = r.id
  WHERE r.id = ANY($1) GROUP BY r.id HAVING count(m.id) <> r.last_seq OR coalesce(max(m.seq), 0) <> r.last_seq`;

describe("npm run backup and npm run restore", () => {
  let source: Folder;
  let target: Folder;
  let backups: Folder;
  let server: ServerProcess;
  let pool: pg.Pool;
  let db: PrismaClient;
  let ann: Person;
  let bob: Person;
  let rooms: string[];

  const environmentOf = (folder: Folder) => ({ DATA_DIR: folder.path, ...TEST_SECRETS });

  beforeAll(async () => {
    [source, target, backups] = await Promise.all([testFolder(), testFolder(), testFolder()]);
    server = await startServer(environmentOf(source));
    pool = createPool((await findEmbedded(source.path)) ?? "", { onError: () => undefined });
    db = createClient(pool);
    await fill();
  });

  afterAll(async () => {
    await server.end("SIGTERM");
    await Promise.all([source, target, backups].map((folder) => folder.remove()));
  });

  /** Inserts rows into many tables: sealed fields, a file in chunks, an edit, a reaction, a notification, a sanction. */
  async function fill(): Promise<void> {
    const issuer = { db, keys: deriveKeys({ current: TEST_SECRET }), now: () => new Date() };
    ann = await makeMember(issuer, { username: "ann.writes", displayName: "Ann" });
    bob = await makeMember(issuer, { username: "bob.reads", displayName: "Bob" });
    rooms = await Promise.all([makeRoom({ db }), makeRoom({ db }), makeRoom({ db })]);
    const vault = await openVault(pool, { current: TEST_SECRET });
    await setContact({ ...issuer, vault }, { userId: ann.id, kind: "email", value: "ann@example.org", isVerified: true });
    await issueSanction({ db }, bob.id, { kind: "mute", until: new Date(1) });
    await db.block.create({ data: { userId: ann.id, blockedId: bob.id } });
    const file = { exportId: newId(), bytes: randomBytes(300_000) };
    await db.dataExport.create({ data: { id: file.exportId, userId: ann.id, state: "failed" } });
    await db.exportChunk.createMany({ data: [0, 1, 2].map((position) => ({ ...file, position })) });
  }

  /** Sends a message that can be searched for, and edits it. */
  async function talk(live: Live): Promise<void> {
    const roomId = await makeRoom({ db });
    const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: "a marmalade of figs" });
    await live.command("edit_message", { messageId: message.id, text: "a marmalade of figs and lemons, @bob.reads" });
    await live.command("add_reaction", { messageId: message.id, emoji: "👍" });
  }

  it("restore everything that was acknowledged before the backup began, although users kept writing, and make clients take a snapshot", async () => {
    const [roomId = ""] = rooms;
    const live = await connect(server.url, ann.token);
    const former = await live.command("join_room", { roomId });
    await talk(live);
    const writer = keepSending(live, rooms);
    await expect.poll(() => writer.acked.length).toBeGreaterThan(FIRST_MESSAGES);
    const rest = createRest(server.url);
    rest.token = ann.token;
    const found = async () => (await rest.get<Page<FoundMessageDto>>("/api/chatroom/search?q=marmalade%20lemons")).body.items;
    // Found by a word of the edit: from then on the index does not change this message's row.
    await expect.poll(async () => (await found()).length).toBe(1);

    const before = await readRows(pool);
    const ackedBefore = [...writer.acked];
    const made = await run("backup", [backups.path], environmentOf(source));
    const ackedDuring = writer.acked.length - ackedBefore.length;
    expect(made).toEqual({ code: 0, output: expect.stringMatching(/^The backup is in \S+ \(\d+\.\d MB\)\.$/) as string });
    const [name = ""] = await readdir(backups.path);
    expect(made.output).toContain(join(backups.path, name));
    // Let the client get ahead of the backup.
    const ackedSoFar = writer.acked.length;
    await expect.poll(() => writer.acked.length).toBeGreaterThan(ackedSoFar + FIRST_MESSAGES);
    await writer.end();
    const ahead = Math.max(...writer.acked.filter((one) => one.roomId === roomId).map(({ seq }) => seq));
    live.close();
    await db.$disconnect();
    await pool.end();
    expect(await server.end("SIGTERM")).toBe(0);

    expect(await run("restore", [join(backups.path, name)], environmentOf(target))).toEqual({
      code: 0,
      output: `The backup was restored to ${target.path}. Start the server with the APP_SECRET and DATA_KEY that were used when the backup was made.`,
    });
    expect(await findPostmaster(await prepareHome(target.path))).toBeNull();
    server = await startServer(environmentOf(target));
    const restored = createPool((await findEmbedded(target.path)) ?? "", { onError: () => undefined });
    const after = await readRows(restored);
    expect(missingRows(before, after)).toEqual([]);
    expect(Object.values(before).filter((rows) => Object.keys(rows).length > 0).length).toBeGreaterThan(15);
    const stored = new Set(Object.keys(after.messages ?? {}).map((key) => (JSON.parse(key) as [string])[0]));
    expect(ackedBefore.filter(({ id }) => !stored.has(id))).toEqual([]);
    expect(ackedBefore.length).toBeGreaterThan(FIRST_MESSAGES);
    expect(ackedDuring).toBeGreaterThan(0);
    expect((await restored.query(GAPS, [rooms])).rows).toEqual([]);
    await restored.end();

    const again = await connect(server.url, ann.token);
    const joined = await again.command("join_room", { roomId, afterSeq: ahead, epoch: former.epoch });
    expect(joined.lastSeq).toBeLessThan(ahead);
    expect(joined).toMatchObject({ isSnapshot: true });
    expect(joined.epoch).not.toBe(former.epoch);
    // A client that is not ahead must not build on the former history either; one of the new epoch continues from its position.
    expect(await again.command("join_room", { roomId, afterSeq: 1, epoch: former.epoch })).toMatchObject({ isSnapshot: true });
    expect(await again.command("join_room", { roomId, afterSeq: joined.lastSeq, epoch: joined.epoch })).toMatchObject({
      isSnapshot: false,
    });
    const { message } = await again.command("send_message", { roomId, clientMessageId: newId(), text: "figs once more" });
    expect(message.seq).toBe(joined.lastSeq + 1);
    again.close();

    const restAgain = createRest(server.url);
    restAgain.token = ann.token;
    const search = async (q: string) => (await restAgain.get<Page<FoundMessageDto>>(`/api/chatroom/search?q=${q}`)).body.items;
    expect(await search("marmalade%20figs")).toMatchObject([{ text: expect.stringContaining("a marmalade of figs") as string }]);
    await expect.poll(async () => (await search("figs%20once%20more")).length).toBe(1);
    // Sealed with DATA_KEY, which is not part of the backup.
    expect((await restAgain.get<MeDto>("/api/auth/me")).body.email).toBe("a…@example.org");
  }, 120_000);

  it("print their usage, and the tools that an external database needs", async () => {
    const own = { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" };
    const outcomes = await Promise.all([
      run("backup", ["--help"], {}),
      run("restore", [], {}),
      run("backup", [], own),
      run("restore", ["anywhere"], own),
      run("restore", [backups.path], environmentOf(source)),
    ]);
    expect(outcomes).toEqual([
      { code: 64, output: "Usage: npm run backup -- [folder]" },
      { code: 64, output: "Usage: npm run restore -- <backup>" },
      { code: 64, output: "DATABASE_URL is set, so the database is not embedded. Back it up with pg_dump or pg_basebackup." },
      { code: 64, output: "DATABASE_URL is set, so the database is not embedded. Restore it with pg_restore or PostgreSQL's own tools." },
      {
        code: 1,
        output: `${source.path} is not empty. Move its contents to another folder, or set DATA_DIR to an empty one.`,
      },
    ]);
  }, 60_000);
});
