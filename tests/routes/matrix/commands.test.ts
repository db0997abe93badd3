import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { type CommandInput, type CommandName, commands } from "../../../utils/contract/events.ts";
import { errorsOfCommand } from "../../../utils/contract/operation-errors.ts";
import { issueSanction, makeConversation, type Person, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect } from "../../support/sockets/sockets.ts";
import { cast, type Scene, setScene, type Who } from "./cast.ts";

/** The input of each command; a missing one does not compile. The room is the one of the case. */
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

/** Commands that access a room, and therefore must not reveal its existence to a stranger. */
const looking: readonly CommandName[] = ["join_room", "sync_room", "send_message", "typing_start", "mark_read", "mark_received"];

/** Commands on the caller's own messages. */
const ownOnly: readonly CommandName[] = ["edit_message", "delete_message"];

const wantedOf = (name: CommandName, who: Who): "ok" | ErrorCode => {
  if (who === "banned") return "banned";
  return who === "other" && ownOnly.includes(name) ? "forbidden" : "ok";
};

const names = Object.keys(commands) as CommandName[];

const { app } = await appForFile();

/** Sends the command over a socket that was opened before any ban took effect. */
async function ask(scene: Scene, who: Who, name: CommandName, roomId = scene.roomId): Promise<"ok" | ErrorCode> {
  const { caller } = scene;
  if (caller === null) throw new Error("nobody has a socket");
  const live = await connect(app.url, caller.token);
  if (who === "banned") {
    await issueSanction(app.services, caller.id, { kind: "ban" });
    app.services.sessions.invalidate(caller.sessionId);
  }
  // Typing requires that the caller has joined the room.
  if (name === "typing_start") await live.ask("join_room", { roomId });
  const answer = await live.ask(name, inputs[name](roomId, caller, scene.messageId) as never);
  live.close();
  return answer.ok ? "ok" : answer.error.code;
}

/** Maximum attempts for a banned user: the server closes their socket within a second, occasionally before the command arrives. */
const TRIES = 5;

/** Retries with a new user if the server closed the socket first: the matrix is about the response to the command. */
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
  it.each(cast.filter((who) => who !== "nobody"))("returns the expected result to caller %s", async (who) => {
    const wanted = wantedOf(name, who);
    expect(await askUntilAnswered(who, name)).toBe(wanted);
    if (wanted !== "ok") expect(errorsOfCommand(name)).toContain(wanted);
  });
});

describe.each(looking)("%s in a conversation of others", (name) => {
  it.each(["guest", "member", "moderator", "admin"] as const)("responds with not_found to caller %s", async (who) => {
    const scene = await setScene(app, who);
    const roomId = await makeConversation(app.services, [scene.stranger]);
    expect(await ask(scene, who, name, roomId)).toBe("not_found");
  });
});

it.each([
  ["nobody", "unauthenticated"],
  ["banned", "banned"],
] as const)("opening a socket: is not possible for caller %s", async (who, code) => {
  const { caller } = await setScene(app, who);
  await expect(connect(app.url, caller?.token)).rejects.toMatchObject({ problem: { code } });
});
