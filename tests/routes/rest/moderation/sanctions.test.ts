import { beforeEach, describe, expect, it } from "vitest";
import { newId } from "../../../../utils/ids.ts";
import { createRest, type Rest } from "../../../support/client.ts";
import { expectError, expectProblem } from "../../../support/expect.ts";
import { issueSanction, lastSeqOf, liftSanction, makeMember, makeRoom, type Person, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { connect, type Live, RejectedError } from "../../../support/sockets/sockets.ts";

const HOUR_MS = 3_600_000;

let ann: Person;
let rest: Rest;
let roomId: string;

const { app, database } = await appForFile();

beforeEach(async () => {
  ann = await makeMember(app.services);
  rest = Object.assign(createRest(app.url), { token: ann.token });
  roomId = await makeRoom(app.services);
});

async function inside(): Promise<Live> {
  const live = await connect(app.url, ann.token);
  await live.command("join_room", { roomId });
  return live;
}

/** Invalidates the session cache, which may be half a second old. */
const settled = () => app.services.sessions.invalidate(ann.sessionId);

describe("banned user", () => {
  it("is disconnected from every socket within 2 s with the reason, and cannot reconnect", async () => {
    const live = await inside();
    const bannedAt = performance.now();
    await issueSanction(app.services, ann.id, { kind: "ban" });
    expectProblem(await live.nextEvent("session_ended"), "banned");
    await live.ended();
    expect(performance.now() - bannedAt).toBeLessThan(2_000);
    const connectError = await connect(app.url, ann.token).catch((error: unknown) => error);
    expect(connectError).toBeInstanceOf(RejectedError);
    expect((connectError as RejectedError).problem).toMatchObject({ code: "banned", rule: "be kind", until: null });
  });

  it("cannot write, read or search for users, and gets the end date and the rule", async () => {
    const until = new Date(Date.now() + HOUR_MS);
    await issueSanction(app.services, ann.id, { kind: "ban", until, rule: "no spam" });
    settled();
    const { clientMessageId, text } = textFor(roomId);
    const rejected = await rest.post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId, text });
    expect(expectError(rejected, 403, "banned")).toMatchObject({ until: until.toISOString(), rule: "no spam" });
    for (const path of [`/api/chatroom/rooms/${roomId}`, `/api/chatroom/rooms/${roomId}/messages`, `/api/users/${ann.id}`])
      expectError(await rest.get(path), 403, "banned");
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
  });

  it("can still see their own account, the reason and their devices, and may sign out", async () => {
    await issueSanction(app.services, ann.id, { kind: "ban" });
    settled();
    expect((await rest.get("/api/auth/me")).body).toMatchObject({ ban: { rule: "be kind", until: null } });
    expect((await rest.get("/api/auth/sessions")).status).toBe(200);
    expect((await rest.post("/api/auth/signout")).status).toBe(204);
  });

  it("regains access when the ban ends or is lifted", async () => {
    await issueSanction(app.services, ann.id, { kind: "ban", until: new Date(Date.now() - 1) });
    const id = await issueSanction(app.services, ann.id, { kind: "ban" });
    await liftSanction(app.services, id);
    settled();
    (await inside()).close();
  });
});

describe("muted user", () => {
  it("can read, but neither write nor publish typing, over REST and socket", async () => {
    const live = await inside();
    const until = new Date(Date.now() + HOUR_MS);
    await issueSanction(app.services, ann.id, { kind: "mute", until });
    settled();
    const { clientMessageId, text } = textFor(roomId);
    const byRest = await rest.post(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId, text });
    expect(expectError(byRest, 403, "muted")).toMatchObject({ until: until.toISOString(), rule: "be kind" });
    for (const answer of [await live.ask("send_message", textFor(roomId)), await live.ask("typing_start", { roomId })])
      expect(answer).toMatchObject({ ok: false, error: { code: "muted" } });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect((await live.command("join_room", { roomId })).me).toEqual({ canSend: false, mutedUntil: until.toISOString(), lastReadSeq: 0 });
    live.close();
  });

  it("can write again when the mute is lifted; the longer of two mutes applies", async () => {
    const live = await inside();
    const short = new Date(Date.now() + HOUR_MS);
    const long = new Date(Date.now() + 2 * HOUR_MS);
    const ids = [
      await issueSanction(app.services, ann.id, { kind: "mute", until: short }),
      await issueSanction(app.services, ann.id, { kind: "mute", until: long }),
    ];
    settled();
    expect(await live.ask("send_message", textFor(roomId))).toMatchObject({ error: { code: "muted", until: long.toISOString() } });
    for (const id of ids) await liftSanction(app.services, id);
    settled();
    const { message } = await live.command("send_message", { roomId, clientMessageId: newId(), text: "back again" });
    expect(message.seq).toBe(1);
    live.close();
  });
});
