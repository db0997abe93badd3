import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MadeBotDto } from "../../utils/contract/bots.ts";
import { type App, bootApp } from "../support/app.ts";
import { createRest } from "../support/client.ts";
import { type TestDatabase, testDatabase } from "../support/db.ts";
import { makeMember, makeRoom, textFor } from "../support/factories.ts";
import { connect } from "../support/sockets.ts";

const program = fileURLToPath(new URL("../../docs/examples/echo-bot.mjs", import.meta.url));

let database: TestDatabase;
let app: App;
let bot: ChildProcess | null = null;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
});

afterAll(async () => {
  bot?.kill("SIGKILL");
  await app.close();
  await database.drop();
});

it("the bot of the documents answers in its room, goes on after its line broke, and ends with its token", async () => {
  const admin = await makeMember(app.services, { role: "admin", isProven: true });
  const [ann, roomId] = [await makeMember(app.services), await makeRoom(app.services)];
  const rest = Object.assign(createRest(app.url), { token: admin.token });
  const { body: made } = await rest.post<MadeBotDto>("/api/admin/bots", { username: "echo-bot-of-docs", displayName: "Echo" });
  const env = { ...process.env, CHATROOM_URL: app.url, CHATROOM_TOKEN: made.token, CHATROOM_ROOM: roomId };
  bot = spawn(process.execPath, [program], { env });
  let words = "";
  bot.stderr?.on("data", (chunk: Buffer) => {
    words += chunk.toString();
  });
  await once(bot.stdout ?? bot, "data");

  const live = await connect(app.url, ann.token);
  await live.tell("join_room", { roomId });
  const ping = async (): Promise<void> => {
    const { message } = await live.tell("send_message", textFor(roomId, { text: "!ping" }));
    const isAnswer = (one: object): boolean => "replyTo" in one && (one.replyTo as { id: string } | null)?.id === message.id;
    const { messages } = await live.hear("messages_changed", (batch) => batch.messages.some(isAnswer));
    expect(messages.find(isAnswer)).toMatchObject({ text: "pong", author: { id: made.bot.id, kind: "bot" } });
  };
  await ping();
  for (const socket of await app.io.fetchSockets()) if (socket.data.author.id === made.bot.id) socket.disconnect(true);
  await ping();

  expect((await rest.call("DELETE", `/api/admin/bots/${made.bot.id}`)).status).toBe(204);
  const [code] = (await once(bot, "exit")) as [number | null];
  expect([code, words.trim()]).toEqual([0, "over: session_revoked"]);
  live.close();
});
