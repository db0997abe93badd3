import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { SentMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { makeOpenConversation, restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, type Person, storedMessages, textFor } from "../../../support/factories.ts";
import { allows, answers, decides, fakeClassifier } from "../../../support/fakes/classifier.ts";
import { appForFile } from "../../../support/for-file.ts";

const classifier = await fakeClassifier();
afterAll(() => classifier.close());

const { app, database } = await appForFile({
  env: { MODERATION_HOOK_URL: classifier.url, MODERATION_HOOK_SECRET: classifier.secret, MODERATION_HOOK_ON_FAILURE: "closed" },
});
let roomId: string;
let guest: Person;

beforeEach(async () => {
  classifier.asked.length = 0;
  classifier.behave(allows);
  roomId = await makeRoom(app.services);
  guest = await makeGuest(app.services);
});

const send = (person: Person, to = roomId, text = "Hello there") => {
  const { clientMessageId } = textFor(to);
  return restOf(app, person).post<SentMessageDto>(`/api/chatroom/rooms/${to}/messages`, { clientMessageId, text });
};

const published = async (): Promise<string[]> =>
  (await storedMessages(database.pool, roomId)).filter(({ seq }) => seq !== null).map(({ text }) => text);

describe("messages with a classifier", () => {
  it("of guests: are sent if it allows them, and held for review or rejected with its reason otherwise", async () => {
    expect((await send(guest)).status).toBe(201);
    classifier.behave(decides("hold"));
    expect((await send(guest, roomId, "Buy this")).body).toMatchObject({ moderation: "pending" });
    expect(await database.db.moderationCase.count({ where: { roomId, kind: "held" } })).toBe(1);
    classifier.behave(decides("block", "No advertising."));
    const blocked = await send(guest, roomId, "Buy that");
    expectError(blocked, 422, "blocked_by_rule");
    expect(blocked.body).toMatchObject({ message: "No advertising." });
    expect(await published()).toEqual(["Hello there"]);
    expect(classifier.asked.map(({ message }) => message?.text)).toEqual(["Hello there", "Buy this", "Buy that"]);
    expect(classifier.asked[0]?.message).toMatchObject({ roomId, author: { id: guest.id, kind: "guest" } });
  });

  it("without a verdict: are held for review if MODERATION_HOOK_ON_FAILURE is closed", async () => {
    classifier.behave(answers(500));
    expect((await send(guest)).body).toMatchObject({ moderation: "pending" });
    expect(await published()).toEqual([]);
  });

  it("of trusted users, and in conversations: are sent without it", async () => {
    classifier.behave(decides("block"));
    const moderator = await makeMember(app.services, { role: "moderator" });
    expect((await send(moderator)).status).toBe(201);
    const newcomer = await makeMember(app.services);
    const other = await makeMember(app.services);
    expect((await send(newcomer, await makeOpenConversation(app, newcomer, other))).status).toBe(201);
    expect(classifier.asked).toEqual([]);
    expectError(await send(newcomer), 422, "blocked_by_rule");
  });

  it("that were sent: an edit is rejected unless it allows the new text", async () => {
    const { id } = (await send(guest)).body;
    const edit = (text: string) => restOf(app, guest).call("PATCH", `/api/chatroom/messages/${id}`, { json: { text } });
    for (const outcome of ["hold", "block"]) {
      classifier.behave(decides(outcome));
      expectError(await edit(`Buy this: ${outcome}`), 422, "blocked_by_rule");
    }
    classifier.behave(allows);
    expect((await edit("Hello again")).status).toBe(200);
    expect(await published()).toEqual(["Hello again"]);
  });
});
