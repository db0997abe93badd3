import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { me, session } from "../../../../utils/contract/schemas/auth.ts";
import { newGuest, newMember, newUsername, PASSWORD, said, signIn } from "../../../support/accounts.ts";
import { placed } from "../../../support/conversations.ts";
import { tableRows } from "../../../support/database/table-rows.ts";
import { issueSanction, makeRoom, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";
import { connect, type Live } from "../../../support/sockets/sockets.ts";

let roomId: string;
const lines: Live[] = [];

const { app: node, database } = await appForFile();

beforeAll(async () => {
  roomId = await makeRoom(database);
});
afterEach(() => {
  for (const line of lines.splice(0)) line.close();
});

async function live(token: string): Promise<Live> {
  const line = await connect(node.url, token);
  lines.push(line);
  await line.command("join_room", { roomId });
  return line;
}

/** Creates a guest who has sent a message in the room, and a watcher. */
async function guestInRoom(name: string) {
  const guest = await newGuest(node, name);
  const watcher = await newGuest(node);
  const line = await live(guest.token);
  const other = await live(watcher.token);
  const { message } = await line.command("send_message", textFor(roomId));
  return { guest, line, other, message, watcher };
}

type Guest = Awaited<ReturnType<typeof newGuest>>;
const upgrade = ({ visitor, auth }: Guest, body: Record<string, unknown> = {}) =>
  visitor.post("/api/auth/upgrade", { username: newUsername(), password: PASSWORD, ...body }, auth);
const history = async (auth: Record<string, string>) => {
  const { body } = await new Visitor(node.url).call(`/api/chatroom/rooms/${roomId}/messages`, { headers: auth });
  return (body.items as { id: string; author: { id: string; displayName: string; kind: string }; changedSeq: number }[]) ?? [];
};

describe("guest who becomes a member", () => {
  it("keeps the user id and the session, and can sign in afterwards", async () => {
    const guest = await newGuest(node, "Nele");
    const before = me.parse((await guest.visitor.call("/api/auth/me", { headers: guest.auth })).body);
    const username = newUsername("nele");
    const answer = await upgrade(guest, { username, languages: ["nl"] });
    expect(answer.status).toBe(200);
    const { user, sessionExpiresAt } = session.parse(answer.body);
    expect(user).toMatchObject({ id: guest.id, username, displayName: username, kind: "member", role: "member", languages: ["nl"] });
    const after = me.parse((await guest.visitor.call("/api/auth/me", { headers: bearer(answer.body.accessToken) })).body);
    expect(after).toMatchObject({ id: guest.id, sessionId: before.sessionId, sessionExpiresAt, kind: "member" });
    expect(Date.parse(sessionExpiresAt) - Date.now()).toBeGreaterThan(29 * 86_400_000);
    expect(after.stepUpExpiresAt).not.toBeNull();
    expect((await guest.visitor.post("/api/auth/refresh")).body.user).toMatchObject({ id: guest.id, kind: "member" });
    expect((await signIn(node, { identifier: username })).body.user).toMatchObject({ id: guest.id });
  });

  it("invalidates stolen copies of the guest's tokens", async () => {
    const guest = await newGuest(node);
    const thief = await new Visitor(node.url).open();
    thief.cookies.set("refresh_token", guest.visitor.cookies.get("refresh_token") ?? "");
    const answer = await upgrade(guest);
    expect(said(await thief.post("/api/auth/refresh"))).toEqual([401, "unauthenticated"]);
    expect(said(await thief.call("/api/auth/me", { headers: guest.auth }))).toEqual([401, "token_expired"]);
    await expect(connect(node.url, guest.token)).rejects.toMatchObject({ problem: { code: "token_expired" } });
    expect((await guest.visitor.call("/api/auth/me", { headers: bearer(answer.body.accessToken) })).status).toBe(200);
  });

  it("keeps the socket and the messages, and others see the changed name", async () => {
    const { guest, line, other, message } = await guestInRoom("Old Name");
    const answer = await upgrade(guest, { displayName: "New Name" });
    const author = { id: guest.id, displayName: "New Name", avatarUrl: null, kind: "member", role: "member" };
    for (const event of [await other.nextEvent("user_changed"), await line.nextEvent("user_changed")]) expect(event.user).toEqual(author);
    expect(await line.command("renew_token", { token: String(answer.body.accessToken) })).toEqual({});
    const { message: second } = await line.command("send_message", textFor(roomId));
    expect(second.author).toEqual(author);
    expect((await history(bearer(answer.body.accessToken))).find(({ id }) => id === message.id)?.author).toEqual(author);
    const { members } = await other.command("join_room", { roomId });
    expect(members.users.filter(({ id }) => id === guest.id)).toMatchObject([{ displayName: "New Name", kind: "member" }]);
    expect(line.socket.connected).toBe(true);
    expect([...other.received, ...line.received].filter(({ name }) => name === "user_left")).toEqual([]);
  });

  it("must send the new token on the socket soon", async () => {
    const { guest, line } = await guestInRoom("Slow Renewer");
    const answer = await upgrade(guest);
    await line.command("send_message", textFor(roomId));
    const [socket] = await node.io.in(`user:${guest.id}`).fetchSockets();
    expect((socket?.data.tokenExpiresAt ?? 0) - Date.now()).toBeLessThanOrEqual(60_000);
    expect(await line.ask("renew_token", { token: guest.token })).toMatchObject({ ok: false, error: { code: "token_expired" } });
    await line.command("renew_token", { token: String(answer.body.accessToken) });
    expect(await line.ask("send_message", textFor(roomId))).toMatchObject({ ok: true });
    const [renewed] = await node.io.in(`user:${guest.id}`).fetchSockets();
    expect((renewed?.data.tokenExpiresAt ?? 0) - Date.now()).toBeGreaterThan(800_000);
  });

  it("may leave the messages to a former guest who cannot be linked to the account", async () => {
    const { guest, line, other, message } = await guestInRoom("Shy Guest");
    const more = await Promise.all([1, 2, 3].map(() => line.command("send_message", textFor(roomId))));
    const said = [message, ...more.map((one) => one.message)].map(placed).sort((a, b) => a.seq - b.seq);
    const answer = await upgrade(guest, { displayName: "Brave Member", keepMessages: false });
    const changed = await other.nextEvent("messages_changed", ({ messages }) => messages.length === 4);
    const head = said.at(-1)?.seq ?? 0;
    expect(changed).toMatchObject({ fromSeq: head, toSeq: head + 4 });
    expect(changed.messages.map((one) => [one.id, one.seq, one.changedSeq])).toEqual(
      said.map((one, place) => [one.id, one.seq, head + place + 1]),
    );
    const auth = bearer(answer.body.accessToken);
    const shown = (await history(auth)).filter(({ id }) => said.some((one) => one.id === id));
    expect(shown.map(({ author }) => author)).toEqual(
      shown.map(() => ({ ...shown[0]?.author, displayName: "Former guest", kind: "guest" })),
    );
    expect(shown[0]?.author.id).not.toBe(guest.id);
    await other.nextEvent("user_changed");
    const order = other.received.map(({ name }) => name);
    expect(order.indexOf("user_changed")).toBeGreaterThan(order.lastIndexOf("messages_changed"));
    expect((await database.db.user.findUniqueOrThrow({ where: { id: shown[0]?.author.id ?? "" } })).erasedAt).not.toBeNull();
    const { message: later } = await line.command("send_message", textFor(roomId));
    expect(later).toMatchObject({ seq: head + 5, author: { id: guest.id, displayName: "Brave Member" } });
  });
});

describe("rejected upgrades change nothing", () => {
  it("for members, and for the second of two upgrades of one guest", async () => {
    const member = await newMember(node);
    expect(said(await upgrade({ ...member, token: "" }))).toEqual([409, "already_member"]);
    const guest = await newGuest(node);
    const answers = await Promise.all([upgrade(guest), upgrade(guest)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.map(({ body }) => body.code)).toContain("already_member");
    expect(await database.db.credential.count({ where: { userId: guest.id } })).toBe(1);
    const [winner] = answers.filter(({ status }) => status === 200);
    const { username } = await database.db.user.findUniqueOrThrow({ where: { id: guest.id } });
    expect(winner?.body.user).toMatchObject({ username });
  });

  it("for everything that signing up rejects", async () => {
    const { username: taken } = await newMember(node);
    const guest = await newGuest(node);
    const before = await tableRows(database);
    const invalid: [Record<string, unknown>, string][] = [
      [{ username: taken }, "name_taken"],
      [{ username: "-admin" }, "invalid_input"],
      [{ displayName: taken }, "name_taken"],
      [{ password: "password12" }, "password_weak"],
      [{ email: "nowhere" }, "email_not_allowed"],
      [{ phoneProof: "x".repeat(43) }, "phone_proof_invalid"],
      [{ birthDate: "2099-01-01" }, "under_age"],
      [{ role: "admin" }, "invalid_input"],
    ];
    for (const [body, code] of invalid) expect((await upgrade(guest, body)).body.code).toBe(code);
    expect(await tableRows(database)).toEqual(before);
    expect((await upgrade(guest)).status).toBe(200);
  });

  it("for a banned guest; a mute is transferred", async () => {
    const banned = await newGuest(node);
    const muted = await newGuest(node);
    await issueSanction(database, banned.id, { kind: "ban" });
    await issueSanction(database, muted.id, { kind: "mute" });
    node.services.sessions.invalidate(String((await muted.visitor.call("/api/auth/me", { headers: muted.auth })).body.sessionId));
    const line = await live(muted.token);
    const answer = await upgrade(muted);
    expect(answer.status).toBe(200);
    expect(await line.ask("send_message", textFor(roomId))).toMatchObject({ ok: false, error: { code: "muted" } });
    const before = await tableRows(database);
    await expect.poll(async () => said(await upgrade(banned))).toEqual([403, "banned"]);
    expect(await tableRows(database)).toEqual(before);
  });
});
