import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Ack } from "../../../../utils/contract/events.ts";
import type { LiveMessageDto, SentDto } from "../../../../utils/contract/schemas/messages.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp, TEST_SECRETS } from "../../../support/app.ts";
import { createRest } from "../../../support/client.ts";
import { placed } from "../../../support/conversations.ts";
import { lastSeqOf, makeGuest, makeRoom, type Person, type StoredMessage, storedMessages } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { type ServerProcess, startServer } from "../../../support/process.ts";
import { createReader, type Reader } from "../../../support/sockets/reader.ts";
import { connect, type Live } from "../../../support/sockets/sockets.ts";

const AUTHORS = 4;
const KEYS = 12;
const READERS = 4;

/** The steps that may run at the same time. */
type Step =
  | { readonly kind: "send"; readonly author: number; readonly key: number; readonly node: number; readonly door: "socket" | "rest" }
  | { readonly kind: "drop"; readonly reader: number }
  | { readonly kind: "join"; readonly reader: number };

const place = (size: number) => fc.nat({ max: size - 1 });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant("send" as const),
      author: place(AUTHORS),
      key: place(KEYS),
      node: place(2),
      door: fc.constantFrom("socket" as const, "socket" as const, "rest" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), reader: place(READERS) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("join" as const), reader: place(READERS) }) },
);

const script = fc.array(fc.array(step, { minLength: 1, maxLength: 30 }), { minLength: 2, maxLength: 8 });

/** Sends one message through one endpoint; throws if it is rejected. */
type Send = (input: { roomId: string; clientMessageId: string; text: string }) => Promise<LiveMessageDto>;

const overSocket =
  (live: Live): Send =>
  async (input) =>
    placed((await live.command("send_message", input)).message);

function overRest(url: string, token: string): Send {
  const rest = createRest(url);
  rest.token = token;
  return async ({ roomId, ...body }) => {
    const { status, body: message } = await rest.post<LiveMessageDto>(`/api/chatroom/rooms/${roomId}/messages`, body);
    if (status !== 201) throw new Error(JSON.stringify(message));
    return message;
  };
}

let nodes: [App, App];
let people: Person[];
/** By author, node and endpoint. */
let endpoints: { socket: Send; rest: Send }[][];

const database = await databaseForFile();

beforeAll(async () => {
  nodes = [await bootApp({ database: database.url }), await bootApp({ database: database.url })];
  people = await Promise.all(Array.from({ length: AUTHORS }, () => makeGuest(nodes[0].services)));
  endpoints = await Promise.all(
    people.map(({ token }) =>
      Promise.all(nodes.map(async ({ url }) => ({ socket: overSocket(await connect(url, token)), rest: overRest(url, token) }))),
    ),
  );
});

afterAll(async () => {
  await Promise.all(nodes.map((node) => node.close()));
});

const shown = (message: { id: string; seq: number }) => ({
  id: message.id,
  seq: message.seq,
  text: "text" in message ? message.text : null,
});

function expectNumbers(stored: readonly StoredMessage[], lastSeq: number): void {
  expect(stored.map((row) => row.seq)).toEqual(Array.from({ length: lastSeq }, (_, at) => at + 1));
}

/** Expects every list to equal the database from its first message on; a late reader began with a snapshot of the newest. */
async function expectSameLists(roomId: string, readers: readonly Reader[]): Promise<StoredMessage[]> {
  const lastSeq = await lastSeqOf(database.pool, roomId);
  await Promise.all(readers.map((reader) => reader.reach(lastSeq)));
  const stored = await storedMessages(database.pool, roomId);
  expectNumbers(stored, lastSeq);
  for (const reader of readers) {
    const list = reader.list();
    expect(list.map(shown)).toEqual(stored.slice((list[0]?.seq ?? 1) - 1).map(shown));
    expect(reader.faults).toEqual([]);
  }
  return stored;
}

/** Runs a script in a fresh room; returns the acknowledged messages by author and key. */
async function play(
  steps: readonly (readonly Step[])[],
  roomId: string,
  readers: readonly Reader[],
): Promise<Map<string, LiveMessageDto[]>> {
  const acknowledged = new Map<string, LiveMessageDto[]>();
  const keys = new Map<string, string>();
  const isIn = readers.map(() => true);

  async function send({ author, key, node, door }: Extract<Step, { kind: "send" }>): Promise<void> {
    const name = `${author}/${key}`;
    const clientMessageId = keys.get(name) ?? newId();
    keys.set(name, clientMessageId);
    const message = await endpoints[author]?.[node]?.[door]({ roomId, clientMessageId, text: `text ${name}` });
    if (message !== undefined) acknowledged.set(clientMessageId, [...(acknowledged.get(clientMessageId) ?? []), message]);
  }

  async function move(reader: number, wantsIn: boolean): Promise<void> {
    if (isIn[reader] === wantsIn) return;
    isIn[reader] = wantsIn;
    if (wantsIn) await readers[reader]?.join();
    else readers[reader]?.drop();
  }

  for (const together of steps)
    await Promise.all(together.map((one) => (one.kind === "send" ? send(one) : move(one.reader, one.kind === "join"))));
  await Promise.all(readers.map((_, reader) => move(reader, true)));
  return acknowledged;
}

describe("the message writer, with two nodes on one database", () => {
  it("keeps every list equal to the database, whatever is sent, repeated, dropped and rejoined", async () => {
    const property = fc.asyncProperty(script, async (steps) => {
      const roomId = await makeRoom(database);
      const readers = Array.from({ length: READERS }, (_, at) => createReader(nodes[at % 2]?.url ?? "", people[at]?.token ?? "", roomId));
      await Promise.all(readers.map((reader) => reader.join()));
      const acknowledged = await play(steps, roomId, readers);
      const stored = await expectSameLists(roomId, readers);
      expect(readers.map((reader) => reader.list().length)).toEqual(readers.map(() => stored.length));
      const byKey = new Map(stored.map((row) => [row.client_message_id, row]));
      expect(stored).toHaveLength(acknowledged.size);
      for (const [key, answers] of acknowledged)
        for (const answer of answers) expect(shown(answer)).toEqual(shown(byKey.get(key) as StoredMessage));
      for (const reader of readers) reader.drop();
    });
    await fc.assert(property, { numRuns: 8, endOnFailure: true });
  }, 90_000);

  it("leaves no gap on the node that receives all messages", async () => {
    const roomId = await makeRoom(database);
    const readers = Array.from({ length: READERS }, (_, at) => createReader(nodes[0].url, people[at]?.token ?? "", roomId));
    await Promise.all(readers.map((reader) => reader.join()));
    const sends = Array.from({ length: 400 }, (_, at) =>
      endpoints[at % AUTHORS]?.[0]?.socket({ roomId, clientMessageId: newId(), text: `text ${at}` }),
    );
    await Promise.all(sends);
    expect(await expectSameLists(roomId, readers)).toHaveLength(400);
    expect(readers.map((reader) => reader.gaps())).toEqual([0, 0, 0, 0]);
    for (const reader of readers) reader.drop();
  });

  it("lets readers join without a gap while both nodes commit", async () => {
    const roomId = await makeRoom(database);
    const readers = Array.from({ length: 12 }, (_, at) =>
      createReader(nodes[at % 2]?.url ?? "", people[at % AUTHORS]?.token ?? "", roomId),
    );
    const sends = Array.from({ length: 300 }, async (_, at) => {
      if (at % 25 === 0) await readers[at / 25]?.join();
      await endpoints[at % AUTHORS]?.[at % 2]?.socket({ roomId, clientMessageId: newId(), text: `text ${at}` });
    });
    await Promise.all(sends);
    expect(await expectSameLists(roomId, readers)).toHaveLength(300);
    for (const reader of readers) reader.drop();
  });

  it("delivers a message to a subscriber within 5 s when only the other node broadcast it", async () => {
    const roomId = await makeRoom(database);
    const reader = createReader(nodes[0].url, people[0]?.token ?? "", roomId);
    await reader.join();
    await endpoints[1]?.[1]?.socket({ roomId, clientMessageId: newId(), text: "from the other node" });
    const committedAt = performance.now();
    await reader.reach(1);
    expect(performance.now() - committedAt).toBeLessThan(5_000);
    expect(reader.faults).toEqual([]);
    reader.drop();
  });
});

describe("the message writer, with a second process", () => {
  let other: ServerProcess;

  beforeAll(async () => {
    other = await startServer({ DATABASE_URL: database.url, ...TEST_SECRETS });
  }, 30_000);

  afterAll(() => other.end("SIGKILL"));

  it("keeps what a killed process acknowledged, and accepts the rest again under the same keys exactly once", async () => {
    const roomId = await makeRoom(database);
    const readers = people.map(({ token }) => createReader(nodes[0].url, token, roomId));
    await Promise.all(readers.map((reader) => reader.join()));
    const there = await Promise.all(people.map(({ token }) => connect(other.url, token)));
    const texts = Array.from({ length: 800 }, (_, at) => ({
      author: at % AUTHORS,
      input: { roomId, clientMessageId: newId(), text: `text ${at}` },
    }));
    const acknowledged = new Map<string, LiveMessageDto>();
    const here = texts.slice(0, 200).map(async ({ author, input }) => {
      const message = await endpoints[author]?.[0]?.socket(input);
      if (message !== undefined) acknowledged.set(input.clientMessageId, message);
    });

    /** Sends one message after another until the connection ends: when the process dies, some are acknowledged and one is pending. */
    const sends = there.map(async (line, author) => {
      for (const { input } of texts.slice(200).filter((text) => text.author === author)) {
        const answer = await Promise.race([line.ask("send_message", input) as Promise<Ack<SentDto>>, line.ended()]);
        if (typeof answer === "string") return;
        if (answer.ok) acknowledged.set(input.clientMessageId, placed(answer.data.message));
        if (acknowledged.size > 300) other.child.kill("SIGKILL");
      }
    });
    await Promise.all([...here, ...sends]);
    expect(acknowledged.size).toBeGreaterThan(300);
    expect(acknowledged.size).toBeLessThan(texts.length);
    await Promise.all(texts.map(({ author, input }) => endpoints[author]?.[0]?.socket(input)));
    const stored = await expectSameLists(roomId, readers);
    expect(stored).toHaveLength(800);
    expect(readers.map((reader) => reader.list().length)).toEqual(readers.map(() => 800));
    const ids = new Map(stored.map((row) => [row.client_message_id, row.id]));
    for (const [key, message] of acknowledged) expect(ids.get(key)).toBe(message.id);
    for (const reader of readers) reader.drop();
  });
});
