import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type CommandInput, type CommandName, commands } from "../../../utils/contract/events.ts";
import { errorsOfCommand } from "../../../utils/contract/operation-errors.ts";
import { type App, bootApp } from "../../support/app.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { issueSanction, makeConversation, type Person, textFor } from "../../support/factories.ts";
import { connect } from "../../support/sockets/sockets.ts";
import { cast, type Scene, setScene, type Who } from "./cast.ts";

/** What each command carries; one that is missing here does not compile. The room is the one of the case. */
const inputs: { [Name in CommandName]: (roomId: string, caller: Person, messageId: string) => CommandInput<Name> } = {
  join_room: (roomId) => ({ roomId }),
  leave_room: (roomId) => ({ roomId }),
  sync_room: (roomId) => ({ roomId, afterSeq: 0 }),
  send_message: (roomId) => textFor(roomId),
  edit_message: (_roomId, _caller, messageId) => ({ messageId, text: "hello again" }),
  delete_message: (_roomId, _caller, messageId) => ({ messageId }),
  add_reaction: (_roomId, _caller, messageId) => ({ messageId, emoji: "👍" }),
  remove_reaction: (_roomId, _caller, messageId) => ({ messageId, emoji: "👍" }),
  typing_start: (roomId) => ({ roomId }),
  typing_stop: (roomId) => ({ roomId }),
  mark_read: (roomId) => ({ roomId, seq: 0 }),
  mark_received: (roomId) => ({ roomId, seq: 0 }),
  heartbeat: () => ({ status: "online" }),
  renew_token: (_roomId, { token }) => ({ token }),
};

/** Commands that look into a room, and so must not tell a stranger that it is there. */
const looking: readonly CommandName[] = ["join_room", "sync_room", "send_message", "typing_start", "mark_read", "mark_received"];

/** Commands for what is one's own. */
const ownOnly: readonly CommandName[] = ["edit_message", "delete_message"];

const wantedOf = (name: CommandName, who: Who): "ok" | ErrorCode => {
  if (who === "banned") return "banned";
  return who === "other" && ownOnly.includes(name) ? "forbidden" : "ok";
};

const names = Object.keys(commands) as CommandName[];

let database: TestDatabase;
let app: App;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Asks over a socket that was opened while its person was still welcome. */
async function ask(scene: Scene, who: Who, name: CommandName, roomId = scene.roomId): Promise<"ok" | ErrorCode> {
  const { caller } = scene;
  if (caller === null) throw new Error("nobody has a socket");
  const live = await connect(app.url, caller.token);
  if (who === "banned") {
    await issueSanction(app.services, caller.id, { kind: "ban" });
    app.services.sessions.invalidate(caller.sessionId);
  }
  // One says that one is writing from within.
  if (name === "typing_start") await live.ask("join_room", { roomId });
  const answer = await live.ask(name, inputs[name](roomId, caller, scene.messageId) as never);
  live.close();
  return answer.ok ? "ok" : answer.error.code;
}

/** How often a banned person's command is tried: the server ends their socket within a second, now and then before the command arrives. */
const TRIES = 5;

/** Asks again with a new person when the server ended the socket first: the matrix is about the answer to the command. */
async function askUntilAnswered(who: Who, name: CommandName): Promise<"ok" | ErrorCode> {
  for (let attempt = 1; ; attempt += 1) {
    const scene = await setScene(app, who === "banned" ? "member" : who);
    try {
      return await ask(scene, who, name);
    } catch (error) {
      const wasEnded = error instanceof Error && error.message === "socket has been disconnected";
      if (who !== "banned" || !wasEnded || attempt === TRIES) throw error;
    }
  }
}

describe.each(names)("%s", (name) => {
  it.each(cast.filter((who) => who !== "nobody"))("answers %s as it should", async (who) => {
    const wanted = wantedOf(name, who);
    expect(await askUntilAnswered(who, name)).toBe(wanted);
    if (wanted !== "ok") expect(errorsOfCommand(name)).toContain(wanted);
  });
});

describe.each(looking)("%s in a conversation of others", (name) => {
  it.each(["guest", "member", "moderator", "admin"] as const)("tells %s nothing of it", async (who) => {
    const scene = await setScene(app, who);
    const roomId = await makeConversation(app.services, [scene.stranger]);
    expect(await ask(scene, who, name, roomId)).toBe("not_found");
  });
});

it.each([
  ["nobody", "unauthenticated"],
  ["banned", "banned"],
] as const)("lets %s not even open a socket", async (who, code) => {
  const { caller } = await setScene(app, who);
  await expect(connect(app.url, caller?.token)).rejects.toMatchObject({ problem: { code } });
});
