import { beforeEach, expect, it } from "vitest";
import { sendMessage } from "../../../services/messages/send.ts";
import { takeSlot } from "../../../services/messages/slow-mode.ts";
import type { RoomRecord } from "../../../services/rooms/room-cache.ts";
import { ctxOf } from "../../support/ctx.ts";
import { draftFor, makeMember, makeRoom, type Person, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const HOUR_MS = 3_600_000;

let person: Person;
let room: RoomRecord;

const { app: node, database } = await appForFile();

beforeEach(async () => {
  person = await makeMember(node.services);
  const id = await makeRoom(node.services);
  await database.db.room.update({ where: { id }, data: { slowModeMs: HOUR_MS } });
  const found = await node.services.rooms.find(id);
  if (found === undefined) throw new Error("no room");
  room = found;
});

const take = () => takeSlot(ctxOf(node.services, person), room);
const turnOf = async (): Promise<Date | null> => {
  const where = { roomId_userId: { roomId: room.id, userId: person.id } };
  return (await database.db.roomMember.findUniqueOrThrow({ where })).lastSentAt;
};
const setTurn = (lastSentAt: Date | null) =>
  database.db.roomMember.update({ where: { roomId_userId: { roomId: room.id, userId: person.id } }, data: { lastSentAt } });
const commit = () => node.services.messageWriter.write(draftFor(room.id, person));

it("slow mode: a slot that was not used is restored to its previous state", async () => {
  await take();
  const before = new Date(Date.now() - 2 * HOUR_MS);
  await setTurn(before);
  const giveBack = await take();
  expect(await turnOf()).not.toEqual(before);
  await giveBack();
  expect(await turnOf()).toEqual(before);
  // Nothing waits for a slot that was restored.
  await take();
  await expect(take()).rejects.toMatchObject({ code: "slow_mode" });
});

it("slow mode: the first slot of a user is restored to none", async () => {
  const giveBack = await take();
  await giveBack();
  expect(await turnOf()).toBeNull();
});

it("slow mode: a slot stays taken when its message was committed although the sender received an error", async () => {
  const giveBack = await take();
  await commit();
  await giveBack();
  await expect(take()).rejects.toMatchObject({ code: "slow_mode" });
});

it("slow mode: a pending commit is awaited before the slot is restored", async () => {
  const giveBack = await take();
  const client = await database.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [room.id]);
  const draft = draftFor(room.id, person);
  const givingBack = giveBack();
  await client.query(
    `INSERT INTO messages (id, room_id, author_id, client_message_id, seq, changed_seq, text, created_at)
     VALUES ($1, $2, $3, $4, 1, 1, 'late', clock_timestamp())`,
    [draft.id, room.id, person.id, draft.clientMessageId],
  );
  await client.query("UPDATE rooms SET last_seq = 1 WHERE id = $1", [room.id]);
  await client.query("COMMIT");
  client.release();
  await givingBack;
  await expect(take()).rejects.toMatchObject({ code: "slow_mode" });
});

it("slow mode: a slot stays taken when the outcome of the commit is unknown", async () => {
  const giveBack = await take();
  const client = await database.pool.connect();
  await client.query("BEGIN");
  await client.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [room.id]);
  await giveBack();
  await client.query("ROLLBACK");
  client.release();
  await expect(take()).rejects.toMatchObject({ code: "slow_mode" });
  expect(node.log.join("")).toContain("could not release a slow mode slot");
});

it("slow mode: a slot taken by a later message is not restored by an earlier one", async () => {
  const giveBack = await take();
  const later = new Date(Date.now() + 1_000);
  await setTurn(later);
  await giveBack();
  expect(await turnOf()).toEqual(later);
});

it("slow mode: a repeat of an acknowledged message after the interval leaves the slot to the next message", async () => {
  const send = (input = textFor(room.id)) => sendMessage(ctxOf(node.services, person), input);
  await node.services.joinLoader.enter(room.id, person.id);
  const input = textFor(room.id);
  const first = await send(input);
  const before = new Date(Date.now() - 2 * HOUR_MS);
  await setTurn(before);
  expect(await send(input)).toEqual(first);
  expect(await turnOf()).toEqual(before);
  const second = await send();
  expect(second.message.id).not.toBe(first.message.id);
  await expect(send()).rejects.toMatchObject({ code: "slow_mode" });
  expect(await send(input)).toEqual(first);
});

it("slow mode: sequential messages and a rejected message leave the right slot", async () => {
  const send = (over = {}) => sendMessage(ctxOf(node.services, person), textFor(room.id, over));
  await node.services.joinLoader.enter(room.id, person.id);
  const input = textFor(room.id);
  await sendMessage(ctxOf(node.services, person), input);
  await expect(send()).rejects.toMatchObject({ code: "slow_mode" });
  const before = new Date(Date.now() - 2 * HOUR_MS);
  await setTurn(before);
  // The same key with another text: nothing is written.
  await expect(send({ clientMessageId: input.clientMessageId })).rejects.toMatchObject({ code: "idempotency_conflict" });
  expect(await turnOf()).toEqual(before);
});
