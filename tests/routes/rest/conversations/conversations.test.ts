import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { conversation as shape } from "../../../../utils/contract/schemas/conversations.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { letWrite, makeOpenConversation, openConversation, restOf, sayIn } from "../../../support/conversations.ts";
import { makeGuest, makeMember, makeRoom, type Person, storedMessages, textFor } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { connect, type Live } from "../../../support/sockets/sockets.ts";

let app: App;
let other: App;
let ann: Person;
let bob: Person;

const database = await databaseForFile();

beforeAll(async () => {
  [app, other] = [await bootApp({ database: database.url }), await bootApp({ database: database.url })];
});

beforeEach(async () => {
  [ann, bob] = [await makeMember(app.services, { displayName: "Ann" }), await makeMember(app.services, { displayName: "Bob" })];
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

const open = (person: Person, body: object, at = app) => openConversation(at, person, body);
const letIn = (person: Person, whom: Parameters<typeof letWrite>[2]) => letWrite(app, person, whom);
const talk = (one: Person, two: Person) => makeOpenConversation(app, one, two);

describe("direct conversation", () => {
  it("is unique for each pair, regardless of who opens it and on how many nodes concurrently", async () => {
    await Promise.all([letIn(ann, "everyone"), letIn(bob, "everyone")]);
    const answers = await Promise.all(
      [app, other, app, other].flatMap((at) => [open(ann, { userId: bob.id }, at), open(bob, { userId: ann.id }, at)]),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const { body } = await open(ann, { userId: bob.id });
    expect(shape.strict().parse(body)).toEqual(body);
    expect(body).toMatchObject({ kind: "direct", name: "", me: { canSend: true, state: "active" }, waitsForAcceptance: false });
    expect(body.members.map(({ displayName, state }) => [displayName, state]).sort()).toEqual([
      ["Ann", "active"],
      ["Bob", "active"],
    ]);
  });

  it("cannot be opened with the caller or an unknown user, or by a guest; guests can be written to and can reply", async () => {
    const guest = await makeGuest(app.services);
    await letIn(guest, "everyone");
    expect(await open(ann, { userId: ann.id })).toMatchObject({ status: 422, body: { code: "conversation_with_self" } });
    expect(await open(ann, { userId: newId() })).toMatchObject({ status: 404, body: { code: "not_found" } });
    expect(await open(guest, { userId: ann.id })).toMatchObject({ status: 403, body: { code: "account_required" } });
    const { body } = await open(ann, { userId: guest.id });
    const live = await connect(app.url, guest.token);
    expect(await sayIn(live, body.id)).toMatchObject({ ok: true });
    live.close();
  });

  it("reaches all devices of both without joining, and no other users; replies arrive in order", async () => {
    const roomId = await talk(ann, bob);
    const eve = await makeMember(app.services);
    const lines = await Promise.all([ann, ann, bob, bob, eve].map((person) => connect(app.url, person.token)));
    const [one, , , fourth, stranger] = lines as [Live, Live, Live, Live, Live];
    for (const text of ["first", "second"]) await sayIn(one, roomId, text);
    await sayIn(fourth, roomId, "third");
    for (const live of lines.slice(0, 4)) {
      await live.nextEvent("messages_changed", ({ toSeq }) => toSeq === 3);
      const seqs = live.received.flatMap(({ name, payload }) => (name === "messages_changed" ? [payload.fromSeq, payload.toSeq] : []));
      expect(seqs).toEqual([0, 1, 1, 2, 2, 3]);
    }
    expect(stranger.received.filter(({ name }) => name === "messages_changed")).toEqual([]);
    expect(await stranger.ask("sync_room", { roomId, afterSeq: 0 })).toMatchObject({ ok: false, error: { code: "not_found" } });
    const event = await fourth.nextEvent("conversation_changed", ({ lastSeq }) => lastSeq === 3);
    expect(shape.strict().parse(event)).toEqual(event);
    expect(event).toMatchObject({ id: roomId, unreadCount: 2, lastMessage: { text: "third" }, me: { lastReadSeq: 0 } });
    const joined = await fourth.command("join_room", { roomId });
    expect(joined).toMatchObject({ lastSeq: 3, isSnapshot: true, room: { kind: "direct" }, me: { canSend: true } });
    expect((await one.command("heartbeat", { status: "online" })).heads).toEqual({ [roomId]: 3 });
    for (const live of lines) live.close();
  });

  it("reaches users on another node", async () => {
    const roomId = await talk(ann, bob);
    const here = await connect(app.url, ann.token);
    const there = await connect(other.url, bob.token);
    await sayIn(here, roomId, "over there");
    const event = await there.nextEvent("messages_changed");
    expect(event).toMatchObject({ roomId, fromSeq: 0, toSeq: 1, messages: [{ text: "over there" }] });
    expect(await there.nextEvent("conversation_changed")).toMatchObject({ id: roomId, unreadCount: 1 });
    await sayIn(here, roomId, "again");
    expect(await there.nextEvent("messages_changed", ({ toSeq }) => toSeq === 2)).toMatchObject({
      fromSeq: 1,
      messages: [{ text: "again" }],
    });
    for (const live of [here, there]) live.close();
  });
});

describe("conversation list", () => {
  it("is sorted by newest message and paginated, and omits conversations only opened by the other user", async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => makeMember(app.services)));
    const roomIds: string[] = [];
    for (const person of people) roomIds.push(await talk(ann, person));
    await talk(bob, ann);
    await letIn(ann, "everyone");
    const live = await connect(app.url, ann.token);
    for (const place of [1, 0, 2]) await sayIn(live, roomIds[place] ?? "");
    const wanted = [2, 0, 1].map((place) => roomIds[place]);
    const got: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${cursor}`;
      const { body } = await restOf(app, ann).get<{ items: ConversationDto[]; nextCursor: string | null }>(
        `/api/conversations?limit=2${query}`,
      );
      got.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(got).toEqual(wanted);
    live.close();
  });
});

describe("message", () => {
  it("to a language room is delivered as before, also in one commit with private messages", async () => {
    const roomId = await makeRoom(app.services);
    const privateId = await talk(ann, bob);
    const live = await connect(app.url, ann.token);
    await live.command("join_room", { roomId });
    const inputs = Array.from({ length: 20 }, (_, n) => textFor(n % 2 === 0 ? roomId : privateId));
    const answers = await Promise.all(inputs.map((input) => live.ask("send_message", input)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    for (const id of [roomId, privateId]) {
      const rows = await storedMessages(database.pool, id);
      expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 10 }, (_, n) => n + 1));
    }
    live.close();
  });
});
