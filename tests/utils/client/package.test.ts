import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { MadeBotDto } from "../../../utils/contract/schemas/bots.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { createRest, type Rest } from "../../support/client.ts";
import { type ClientProject, compiler, installClient, runIn } from "../../support/client-package.ts";
import { makeMember, makeRoom, textFor } from "../../support/factories.ts";
import { databaseForFile } from "../../support/for-file.ts";
import { connect } from "../../support/sockets/sockets.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const example = join(root, "docs", "examples", "echo-bot.mjs");
const MOST_BYTES = 5_000_000;

let app: App;
let rest: Rest;
let project: ClientProject;
let program: string;

const database = await databaseForFile();

beforeAll(async () => {
  [app, project] = await Promise.all([bootApp({ database: database.url }), installClient()]);
  rest = Object.assign(createRest(app.url), { token: (await makeMember(app.services, { role: "admin", isProven: true })).token });
  program = join(project.path, "echo-bot.mjs");
  copyFileSync(example, program);
});

afterAll(async () => {
  await Promise.all([app.close(), project.remove()]);
});

const STRICT = {
  compilerOptions: {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2022", "DOM"],
    types: [],
  },
  files: ["bot.ts"],
};

const TYPED_BOT = `
import { type ChatClient, connectClient, type LiveMessageDto, ApiError } from "the-chatroom-client";

const client: ChatClient = connectClient({ url: "https://chat.example.org", token: "crb_" });
const room = client.room("id");
room.onMessage((message: LiveMessageDto) => {
  const seq: number = message.seq;
  const name: string | null | undefined = message.replyTo?.authorName;
  // @ts-expect-error a message has no such member
  console.log(seq, name, message.nothing);
});
client.on("user_joined", ({ users, onlineCount }) => console.log(users[0]?.displayName.length, onlineCount.toFixed()));
// @ts-expect-error there is no such event
client.on("user_sneezed", () => undefined);
// @ts-expect-error a reaction needs an emoji
void client.send("add_reaction", { messageId: "id" });
const joined = await client.send("join_room", { roomId: "id", afterSeq: 3 });
const reached: number = joined.lastSeq;
const me = await client.call("getMe", "/api/auth/me", { bearer: true });
const permissions: readonly string[] = me.permissions;
const nothing: null = await client.call("blockUser", "/api/users/me/blocks/id", { method: "PUT", bearer: true });
const error = await client.ended;
if (error instanceof ApiError && error.code === "name_taken") console.log(error.problem.suggestions?.length, reached, permissions, nothing);
// @ts-expect-error there is no such code
if (error?.code === "no_such_code") client.close();
`;

/** Compares every type of the package with the contract's own type, in both directions. */
const SAME_TYPES = `
import type * as packed from "./node_modules/the-chatroom-client/dist/types/contract.js";
import type { CommandInput, CommandName, CommandOutput, ServerEventName, ServerEventPayload } from "${root}utils/contract/events.ts";
import type { OperationName, OperationOutput } from "${root}utils/contract/operations/index.ts";
import type { Problem } from "${root}utils/contract/errors.ts";

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type All<Flags extends Record<string, true>> = Flags;

export type Inputs = All<{ [Name in CommandName]: Same<CommandInput<Name>, packed.CommandInput<Name>> }>;
export type Outputs = All<{ [Name in CommandName]: Same<CommandOutput<Name>, packed.CommandOutput<Name>> }>;
export type Events = All<{ [Name in ServerEventName]: Same<ServerEventPayload<Name>, packed.ServerEventPayload<Name>> }>;
export type Answers = All<{ [Name in OperationName]: Same<OperationOutput<Name>, packed.OperationOutput<Name>> }>;
export type Others = All<{
  problem: Same<Problem, packed.Problem>;
  commands: Same<CommandName, packed.CommandName>;
  events: Same<ServerEventName, packed.ServerEventName>;
  operations: Same<OperationName, packed.OperationName>;
}>;
`;

describe("the client package", () => {
  it("contains one JavaScript file with its declarations, and takes at most 5 MB with its only dependency", () => {
    expect(project.files.filter((file) => !file.endsWith(".d.ts"))).toEqual(["dist/client.js", "package.json"]);
    const manifest = JSON.parse(readFileSync(join(project.path, "node_modules/the-chatroom-client/package.json"), "utf8")) as object;
    expect(manifest).toMatchObject({ dependencies: { "socket.io-client": expect.stringMatching(/^\d+\.\d+\.\d+$/) as string } });
    expect(project.installedBytes()).toBeLessThanOrEqual(MOST_BYTES);
  });

  it("compiles in another project: strict, with the declarations of all libraries checked", async () => {
    project.write("tsconfig.json", JSON.stringify(STRICT));
    project.write("bot.ts", TYPED_BOT);
    expect(await runIn(project.path, [compiler, "-p", "tsconfig.json"])).toEqual({ code: 0, output: "" });
  });

  it("has the types of the contract: every command, event, operation and the problem", async () => {
    const options = { strict: true, noEmit: true, skipLibCheck: true, target: "ES2024", module: "NodeNext", types: [] };
    const config = { compilerOptions: { ...options, allowImportingTsExtensions: true }, files: ["same.ts"] };
    project.write("same.json", JSON.stringify(config));
    project.write("same.ts", SAME_TYPES);
    expect(await runIn(project.path, [compiler, "-p", "same.json"])).toEqual({ code: 0, output: "" });
  });
});

describe("the example bot", () => {
  let made: MadeBotDto;
  let roomId: string;
  let bot: ChildProcess | null = null;
  let words = "";

  beforeAll(async () => {
    roomId = await makeRoom(app.services);
  });

  afterEach(() => {
    bot?.kill("SIGKILL");
  });

  /** Starts the bot with its own token, and collects its output. */
  async function start(file: string, given: { readonly token?: string; readonly room?: string } = {}): Promise<ChildProcess> {
    made = (await rest.post<MadeBotDto>("/api/admin/bots", { username: `bot-${newId().slice(-12)}`, displayName: "Echo" })).body;
    const env = { CHATROOM_URL: app.url, CHATROOM_TOKEN: given.token ?? made.token, CHATROOM_ROOM: given.room ?? roomId };
    bot = spawn(process.execPath, [file], { env: { ...process.env, ...env } });
    words = "";
    bot.stderr?.on("data", (chunk: Buffer) => {
      words += chunk.toString();
    });
    return bot;
  }

  const codeOf = async (started: ChildProcess): Promise<number | null> => {
    const [code] = (await once(started, "close")) as [number | null];
    return code;
  };

  it("answers in its room, continues after a broken connection, and exits with code 1 when its token is revoked", async () => {
    const ann = await makeMember(app.services);
    const started = await start(program);
    await once(started.stdout ?? started, "data");

    const live = await connect(app.url, ann.token);
    await live.command("join_room", { roomId });
    const ping = async (): Promise<void> => {
      const { message } = await live.command("send_message", textFor(roomId, { text: "!ping" }));
      const isAnswer = (one: object): boolean => "replyTo" in one && (one.replyTo as { id: string } | null)?.id === message.id;
      const { messages } = await live.nextEvent("messages_changed", (batch) => batch.messages.some(isAnswer));
      expect(messages.find(isAnswer)).toMatchObject({ text: "pong", author: { id: made.bot.id, kind: "bot" } });
    };
    await ping();
    for (const socket of await app.io.fetchSockets()) if (socket.data.author.id === made.bot.id) socket.disconnect(true);
    await ping();

    const ended = codeOf(started);
    expect((await rest.call("DELETE", `/api/admin/bots/${made.bot.id}`)).status).toBe(204);
    expect([await ended, words]).toEqual([
      1,
      expect.stringMatching(/^The server does not accept the token \(session_revoked\)\. \w.*\.\n$/),
    ]);
    live.close();
  });

  it("exits with code 1 and one sentence when its token is wrong, also when run in this repository", async () => {
    const code = await codeOf(await start(example, { token: `crb_${"A".repeat(43)}` }));
    expect([code, words]).toEqual([1, expect.stringMatching(/^The server does not accept the token \(unauthenticated\)\. \w.*\.\n$/)]);
  });

  it("exits with code 1 and one sentence when it is not allowed to enter the room", async () => {
    const code = await codeOf(await start(program, { room: newId() }));
    expect([code, words]).toEqual([1, expect.stringMatching(/^The bot may not enter the room \(not_found\)\. \w.*\.\n$/)]);
  });

  it("exits with code 0 on SIGTERM", async () => {
    const started = await start(program);
    await once(started.stdout ?? started, "data");
    const ended = codeOf(started);
    started.kill("SIGTERM");
    expect([await ended, words]).toEqual([0, ""]);
  });
});
