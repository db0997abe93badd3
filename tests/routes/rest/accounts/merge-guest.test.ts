import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { session } from "../../../../utils/contract/schemas/auth.ts";
import { newGuest, newMember, PASSWORD, type SignedInVisitor, said } from "../../../support/accounts.ts";
import { bootApp } from "../../../support/app.ts";
import { placed } from "../../../support/conversations.ts";
import { tableRows } from "../../../support/database/table-rows.ts";
import { issueSanction, makeRoom, storedMessages, textFor } from "../../../support/factories.ts";
import { newAddress } from "../../../support/fakes/phones.ts";
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

async function live(token: unknown): Promise<Live> {
  const line = await connect(node.url, token);
  lines.push(line);
  await line.command("join_room", { roomId });
  return line;
}

type Guest = Awaited<ReturnType<typeof newGuest>>;
const merge = ({ visitor, auth }: Guest, { username }: Pick<SignedInVisitor, "username">, more: Record<string, unknown> = {}) =>
  visitor.post("/api/auth/merge", { identifier: username, password: PASSWORD, ...more }, { ...auth, ...newAddress() });
const isFinished = async (guestId: string) => (await database.db.guestMerge.findUnique({ where: { guestId } }))?.finishedAt != null;
const finished = (guestId: string) => expect.poll(() => isFinished(guestId)).toBe(true);

describe("guest who already has an account", () => {
  it("is signed in to it, and their messages move to the account in real time", async () => {
    const member = await newMember(node, { displayName: "Milo" });
    const guest = await newGuest(node);
    const watcher = await newGuest(node);
    const line = await live(guest.token);
    const other = await live(watcher.token);
    const message = placed((await line.command("send_message", textFor(roomId))).message);
    const answer = await merge(guest, member);
    expect(answer.status).toBe(200);
    expect(session.parse(answer.body).user).toMatchObject({ id: member.id, displayName: "Milo", kind: "member" });
    const { messages } = await other.nextEvent("messages_changed", (event) =>
      event.messages.some((one) => one.id === message.id && one.changedSeq > message.seq),
    );
    expect(messages).toMatchObject([
      { id: message.id, seq: message.seq, author: { id: member.id, displayName: "Milo" }, text: message.text },
    ]);
    expect((await line.nextEvent("session_ended")).code).toBe("session_revoked");
    expect(said(await new Visitor(node.url).call("/api/auth/me", { headers: guest.auth }))).toEqual([401, "session_revoked"]);
    await finished(guest.id);
    const empty = await database.db.user.findUniqueOrThrow({ where: { id: guest.id }, include: { sessions: true, memberships: true } });
    expect(empty).toMatchObject({ displayName: "Former guest", sessions: [], memberships: [], languages: [] });
    expect(empty.erasedAt).not.toBeNull();
  });

  it("remains the guest after a wrong password, without any changes", async () => {
    const member = await newMember(node);
    const guest = await newGuest(node);
    const before = await tableRows(database, ["audit_log"]);
    expect(said(await merge(guest, member, { password: "wrong horse battery" }))).toEqual([401, "invalid_credentials"]);
    expect(said(await merge(guest, { username: "nobody-at-all" }))).toEqual([401, "invalid_credentials"]);
    expect(await tableRows(database, ["audit_log"])).toEqual(before);
    expect((await merge(guest, member)).status).toBe(200);
  });

  it("transfers mutes and bans immediately", async () => {
    const member = await newMember(node);
    const guest = await newGuest(node);
    await issueSanction(database, guest.id, { kind: "mute", rule: "no shouting" });
    const answer = await merge(guest, member);
    const line = await live(answer.body.accessToken);
    expect(await line.ask("send_message", textFor(roomId))).toMatchObject({ ok: false, error: { code: "muted", rule: "no shouting" } });
    expect(await database.db.moderationAction.count({ where: { userId: member.id, kind: "mute" } })).toBe(1);
    const banned = await newGuest(node);
    const before = await database.db.guestMerge.count();
    await issueSanction(database, banned.id, { kind: "ban" });
    await expect
      .poll(async () => said(await banned.visitor.call(`/api/chatroom/rooms/${roomId}`, { headers: banned.auth })))
      .toEqual([403, "banned"]);
    expect(said(await merge(banned, member))).toEqual([403, "banned"]);
    expect(await database.db.guestMerge.count()).toBe(before);
  });

  it("ends up in one account for concurrent merges, and cannot be merged into a second one", async () => {
    const member = await newMember(node);
    const other = await newMember(node);
    const guest = await newGuest(node);
    const answers = await Promise.all([merge(guest, member), merge(guest, member), merge(guest, other)]);
    const granted = answers.filter(({ status }) => status === 200);
    expect(granted.length).toBeGreaterThan(0);
    const { userId } = await database.db.guestMerge.findUniqueOrThrow({ where: { guestId: guest.id } });
    for (const { body } of granted) expect(body.user).toMatchObject({ id: userId });
    for (const answer of answers) if (answer.status !== 200) expect(said(answer)).toEqual([401, "session_revoked"]);
    expect(said(await merge(guest, other))).toEqual([401, "session_revoked"]);
  });

  it("must be a guest", async () => {
    const member = await newMember(node);
    const other = await newMember(node);
    expect(said(await merge({ ...member, token: "" }, other))).toEqual([409, "already_member"]);
  });

  it("uses the rate limits of sign-in", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
    const member = await newMember(strict);
    const guest = await newGuest(strict);
    for (let n = 0; n < 5; n++)
      expect(said(await merge(guest, member, { password: "wrong horse battery" }))).toEqual([401, "invalid_credentials"]);
    expect(said(await merge(guest, member))).toEqual([429, "rate_limited"]);
    const signIn = (visitor: Visitor) =>
      visitor.post("/api/auth/signin", { identifier: member.username, password: PASSWORD }, newAddress());
    expect(said(await signIn(await new Visitor(strict.url).open()))).toEqual([429, "rate_limited"]);
    expect((await signIn(member.visitor)).status).toBe(200);
    await strict.close();
  });

  it("gets the messages in order and complete, even with concurrent writers", async () => {
    const member = await newMember(node);
    const guest = await newGuest(node);
    const talker = await newGuest(node);
    const own = await makeRoom(database);
    const line = await connect(node.url, guest.token);
    const other = await connect(node.url, talker.token);
    lines.push(line, other);
    for (const one of [line, other]) await one.command("join_room", { roomId: own });
    const sent = await Promise.all(Array.from({ length: 40 }, () => line.command("send_message", textFor(own))));
    const [answer] = await Promise.all([
      merge(guest, member),
      ...Array.from({ length: 40 }, () => other.command("send_message", textFor(own))),
    ]);
    await finished(guest.id);
    const stored = await storedMessages(database.pool, own);
    expect(stored).toHaveLength(80);
    expect(stored.filter(({ author_id }) => author_id === member.id).map(({ id }) => id)).toEqual(sent.map(({ message }) => message.id));
    expect(new Set(stored.map(({ changed_seq }) => changed_seq)).size).toBe(80);
    const auth = bearer(answer.body.accessToken);
    const { body } = await member.visitor.call(`/api/chatroom/rooms/${own}/messages?limit=100`, { headers: auth });
    expect((body.items as { author: { id: string } }[]).filter(({ author }) => author.id === member.id)).toHaveLength(40);
  });
});
