import { beforeAll, describe, expect, it, vi } from "vitest";
import { BEHIND, indexRooms } from "../../../services/search/index/index-changes.ts";
import { rebuildSearch } from "../../../services/search/index/rebuild.ts";
import { search } from "../../../services/search/search.ts";
import { ctxOf } from "../../support/ctx.ts";
import { draftFor, makeLounge, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";
import { languages } from "./languages.ts";

const ENOUGH = 0.95;

const soon = { timeout: 20_000, interval: 100 };

let ann: Person;
const rooms = new Map<string, string>();

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeMember(app.services);
  const loungeId = await makeLounge(app.services);
  for (const [languageCode, { messages }] of Object.entries(languages)) {
    const roomId = await makeRoom(app.services, { loungeId, languageCode });
    rooms.set(languageCode, roomId);
    await Promise.all(messages.map((text) => app.services.messageWriter.write(draftFor(roomId, ann, { text, languageCode }))));
  }
  const wanted = Object.values(languages).flatMap(({ messages }) => messages).length;
  await vi.waitFor(async () => expect(await entries()).toBe(wanted), soon);
});

const entries = async (): Promise<number> =>
  (await database.pool.query<{ count: number }>("SELECT count(*) FROM message_search")).rows[0]?.count ?? 0;

async function found(language: string, q: string): Promise<string[]> {
  const { items } = await search(ctxOf(app.services, ann), { q, limit: 10, roomId: rooms.get(language) ?? "" });
  return items.map(({ text }) => text);
}

describe.each(Object.entries(languages))("searching in %s", (language, { messages, queries }) => {
  it("returns the expected messages among the first ten, and almost no others", async () => {
    const answers = await Promise.all(
      queries.map(async ([q, places]) => ({ q, wanted: places.map((place) => messages[place] ?? ""), got: await found(language, q) })),
    );
    const missed = answers.flatMap(({ q, wanted, got }) => wanted.filter((text) => !got.includes(text)).map((text) => `${q}: ${text}`));
    const wrong = answers.flatMap(({ q, wanted, got }) => got.filter((text) => !wanted.includes(text)).map((text) => `${q}: ${text}`));
    const wanted = answers.flatMap((answer) => answer.wanted).length;
    const got = answers.flatMap((answer) => answer.got).length;
    expect(1 - missed.length / wanted, missed.join("\n")).toBeGreaterThanOrEqual(ENOUGH);
    expect(1 - wrong.length / got, wrong.join("\n")).toBeGreaterThanOrEqual(ENOUGH);
  });
});

it("the search fixtures: have at least ten messages and eight queries in each of twelve languages", () => {
  expect(Object.keys(languages)).toHaveLength(12);
  for (const { messages, queries } of Object.values(languages))
    expect(Math.min(messages.length - 2, queries.length)).toBeGreaterThanOrEqual(8);
});

it("searching without a room: finds the same in all languages", async () => {
  const { items } = await search(ctxOf(app.services, ann), { q: "猫" });
  expect(items.map(({ languageCode }) => languageCode).sort()).toEqual(["ja", "zh"]);
});

it("rebuilding a lost index: finds everything again, while the server runs", async () => {
  const before = await entries();
  await database.pool.query("DELETE FROM message_search");
  expect(await found("en", "lighthouse")).toEqual([]);
  expect(await rebuildSearch(database.pool)).toBe(before);
  expect(await entries()).toBe(before);
  expect(await found("en", "lighthouse")).toHaveLength(2);
});

it("indexing a room that is far behind: starts with the newest messages, and loses none", async () => {
  const roomId = await makeRoom(app.services);
  const messages = BEHIND + 600;
  await fillRoom(database.pool, { roomId, authorIds: [ann.id], amount: messages });
  await indexRooms(database.pool, [roomId]);
  const last = await app.services.messageWriter.write(draftFor(roomId, ann, { text: "the newest walnut" }));
  await vi.waitFor(async () => {
    const { items } = await search(ctxOf(app.services, ann), { q: "walnut", roomId });
    expect(items.map(({ id }) => id)).toEqual([last.id]);
  }, soon);
  const of = "SELECT count(*) FROM message_search s JOIN messages m ON m.id = s.message_id WHERE m.room_id = $1";
  const entriesOf = async () => (await database.pool.query<{ count: number }>(of, [roomId])).rows[0]?.count;
  await vi.waitFor(async () => expect(await entriesOf()).toBe(messages + 1), soon);
});
