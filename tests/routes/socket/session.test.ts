import { beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { createRest } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { expectProblem } from "../../support/expect.ts";
import { makeGuest, makeRoom, makeSession, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

const clock = movableClock();

let ann: Person;
let bob: Person;
let roomId: string;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  [ann, bob] = [await makeGuest(app.services, { displayName: "Ann" }), await makeGuest(app.services, { displayName: "Bob" })];
  roomId = await makeRoom(app.services);
});

const open = (who: Person, to = app): Promise<Live> => connect(to.url, who.token);

/** Opens a socket of a user and joins the room. */
async function inside(who: Person): Promise<Live> {
  const live = await open(who);
  await live.command("join_room", { roomId });
  return live;
}

const say = (live: Live, text = "hello") => live.command("send_message", { roomId, clientMessageId: newId(), text });
const codeOf = (answer: { ok: boolean; error?: { code: ErrorCode } }): string => (answer.ok ? "ok" : (answer.error?.code ?? ""));

describe("end of a session", () => {
  it("by sign-out notifies and disconnects its sockets within 2 s, and no other device's", async () => {
    const desk = await makeSession(app.services, ann);
    const phone = await inside(ann);
    const kept = await inside(desk);
    const other = await inside(bob);
    const rest = Object.assign(createRest(app.url), { token: desk.token });
    const endedAt = performance.now();
    expect((await rest.call("DELETE", `/api/auth/sessions/${ann.sessionId}`)).status).toBe(204);
    expectProblem(await phone.nextEvent("session_ended"), "session_revoked");
    await phone.ended();
    expect(performance.now() - endedAt).toBeLessThan(2_000);
    await say(other);
    await kept.nextEvent("messages_changed");
    expect(phone.received.filter(({ name }) => name === "messages_changed")).toEqual([]);
    for (const one of [kept, other]) one.close();
  });

  it.each([
    ["ended on another node", "UPDATE sessions SET ended_at = now(), end_reason = 'signed_out' WHERE id = $1"],
    ["expired", "UPDATE sessions SET created_at = '2026-01-01', expires_at = '2026-01-02' WHERE id = $1"],
    ["deleted", "DELETE FROM sessions WHERE id = $1"],
  ])("%s: rejects its commands and disconnects its sockets within 2 s", async (_, statement) => {
    const live = await inside(ann);
    const other = await inside(bob);
    await database.pool.query(statement, [ann.sessionId]);
    const endedAt = performance.now();
    expectProblem(await live.nextEvent("session_ended"), "session_revoked");
    expect(performance.now() - endedAt).toBeLessThan(2_000);
    await live.ended();
    await say(other);
    expect(live.received.filter(({ name }) => name === "messages_changed")).toEqual([]);
    other.close();
  });

  it("rejects commands that arrive before the disconnect", async () => {
    const live = await inside(ann);
    await database.pool.query("UPDATE sessions SET ended_at = now() WHERE id = $1", [ann.sessionId]);
    app.services.sessions.invalidate(ann.sessionId);
    const answers = await Promise.all([
      live.ask("send_message", { roomId, clientMessageId: newId(), text: "x" }),
      live.ask("sync_room", { roomId, afterSeq: 0 }),
      live.ask("heartbeat", { status: "online" }),
    ]);
    expect(answers.map(codeOf)).toEqual(["session_revoked", "session_revoked", "session_revoked"]);
    live.close();
  });
});
