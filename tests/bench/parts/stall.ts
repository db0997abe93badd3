import { setTimeout as pause } from "node:timers/promises";
import { latencyOf } from "../figures.ts";
import { openRest } from "../load/guests.ts";
import { LoadClient } from "../load/load-client.ts";
import { type Bench, bold, ms, type Row, type Section } from "../part.ts";
import { openRooms, type Running, startOurs, tokenSource } from "../servers.ts";

/** The interval between messages to the unaffected room. */
const EVERY_MS = 20;

/** The interval between messages to the room of the operation. */
const BESIDE_EVERY_MS = 100;

const REPLIES = 2_000;
const GUEST_MESSAGES = 1_500;

type Stage = {
  readonly bench: Bench;
  readonly server: Running;
  readonly tokensOf: (amount: number) => Promise<string[]>;
  readonly roomId: string;
};

/** One kind of change in another room: prepared first, then repeated for its duration, at least once. */
type Operation = { readonly what: string; prepare(stage: Stage): Promise<() => Promise<void>> };

const INSERT_MANY = `
  INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, reply_to_id, seq, changed_seq)
  SELECT gen_random_uuid(), $1, $2, gen_random_uuid(), 'one of many', 'en', $3, r.last_seq + n, r.last_seq + n
  FROM rooms r, generate_series(1, $4::int) AS n WHERE r.id = $1`;

/** Fills a room with messages of one author, as replies if a parent is given; in one transaction with its counter. */
async function fill({ bench, roomId }: Stage, authorId: string, parentId: string | null, amount: number): Promise<void> {
  const client = await bench.database.pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [roomId]);
    await client.query(INSERT_MANY, [roomId, authorId, parentId, amount]);
    await client.query("UPDATE rooms SET last_seq = last_seq + $2 WHERE id = $1", [roomId, amount]);
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

async function clientOf({ server, tokensOf, roomId }: Stage): Promise<LoadClient> {
  const [token = ""] = (await tokensOf(10)).slice(2);
  return LoadClient.enter(server.port, token, roomId);
}

async function upgrade({ server }: Stage, token: string): Promise<void> {
  const rest = openRest(server.port, { connections: 1 });
  const body = {
    username: `bench_${Math.random().toString(36).slice(2, 10)}`,
    password: `${Math.random()} of the harbour`,
    birthDate: "1990-01-01",
    keepMessages: false,
  };
  const answer = await rest.call({ method: "POST", path: "/api/auth/upgrade", headers: { authorization: `Bearer ${token}` }, body });
  rest.close();
  if (answer.status !== 200) throw new Error(`the upgrade was rejected: ${answer.text.slice(0, 200)}`);
}

const forAWhile = async (windowMs: number, step: () => Promise<unknown>): Promise<void> => {
  const until = performance.now() + windowMs;
  while (performance.now() < until) await step();
};

const operations: readonly Operation[] = [
  {
    what: "nothing else happens",
    prepare:
      async ({ bench }) =>
      () =>
        pause(bench.windows.measureMs),
  },
  {
    what: "reactions and edits in another room, as fast as they are acknowledged",
    async prepare(stage) {
      const client = await clientOf(stage);
      const { id: messageId } = await client.send("a message that everybody reacts to");
      return async () => {
        await forAWhile(stage.bench.windows.measureMs, async () => {
          await client.ask("add_reaction", { messageId, emoji: "👍" });
          await client.ask("edit_message", { messageId, text: `a message that changes, ${Math.random()}` });
          await client.ask("remove_reaction", { messageId, emoji: "👍" });
        });
        client.close();
      };
    },
  },
  {
    what: `a message with ${REPLIES.toLocaleString("en")} replies in another room is edited again and again, then deleted`,
    async prepare(stage) {
      const client = await clientOf(stage);
      const { id: messageId, author } = await client.send("a message that everybody answers");
      await fill(stage, author.id, messageId, REPLIES);
      return async () => {
        await forAWhile(stage.bench.windows.measureMs, () => client.ask("edit_message", { messageId, text: `edited, ${Math.random()}` }));
        await client.ask("delete_message", { messageId });
        client.close();
      };
    },
  },
  {
    what: `a guest with ${GUEST_MESSAGES.toLocaleString("en")} messages in another room becomes a member and leaves them behind`,
    async prepare(stage) {
      const [token = ""] = (await stage.tokensOf(10)).slice(3);
      const client = await LoadClient.enter(stage.server.port, token, stage.roomId);
      const { author } = await client.send("the first of many");
      await fill(stage, author.id, null, GUEST_MESSAGES);
      client.close();
      return async () => {
        await upgrade(stage, token);
        await pause(500);
      };
    },
  },
];

/** Measures the acks of an unaffected room while an operation runs, with an occasional message to the room of the operation. */
async function measure(stage: Stage, uninvolved: LoadClient, beside: LoadClient, operation: Operation): Promise<number[]> {
  const work = await operation.prepare(stage);
  const times: number[] = [];
  let isOver = false;
  const write = async (): Promise<void> => {
    while (!isOver) {
      const sentAt = performance.now();
      await uninvolved.send("is anybody else here?");
      times.push(performance.now() - sentAt);
      await pause(EVERY_MS);
    }
  };
  const writeBeside = async (): Promise<void> => {
    while (!isOver) {
      await beside.send("meanwhile, in the other room").catch(() => undefined);
      await pause(BESIDE_EVERY_MS);
    }
  };
  const writers = [write(), writeBeside()];
  await work().finally(() => {
    isOver = true;
  });
  await Promise.all(writers);
  return times;
}

/** Measures how long a room waits for its acks during an operation in another room. */
export async function measureStall(bench: Bench): Promise<Section> {
  const server = await startOurs(bench.database);
  try {
    const rows: Row[] = [];
    const found = operations.map(() => [] as number[]);
    for (let round = 0; round < bench.windows.rounds; round += 1) {
      const tokensOf = tokenSource(server.port);
      const rooms = await openRooms(bench.database);
      const stage: Stage = { bench, server, tokensOf, roomId: rooms.at(-1 - round) ?? "" };
      const [first = "", second = ""] = await tokensOf(10);
      const uninvolved = await LoadClient.enter(server.port, first, rooms[round] ?? "");
      const beside = await LoadClient.enter(server.port, second, stage.roomId);
      for (const [n, operation] of operations.entries()) {
        const times = await measure(stage, uninvolved, beside, operation);
        found[n]?.push(...times);
        bench.say(`  while ${operation.what}: ${ms(latencyOf(times), 1)} ms, ${times.length} messages`);
      }
      for (const client of [uninvolved, beside]) client.close();
    }
    const [idle, ...others] = found.map(latencyOf);
    if (idle === undefined) return { rows };
    for (const [n, latency] of others.entries()) {
      const { what } = operations[n + 1] as Operation;
      rows.push({
        what: `Send → ack in an uninvolved room while ${what}`,
        ours: `${ms(latency, 1)} ms`,
        beside: `${ms(idle, 1)} ms (nothing else happens)`,
        ratio: bold(latency.p99 / idle.p99),
        aim: `p99 ≤ 2 × + 10 ms (${(2 * idle.p99 + 10).toFixed(1)})`,
      });
    }
    return { rows };
  } finally {
    await server.stop();
  }
}
