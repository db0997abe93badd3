import { setTimeout as pause } from "node:timers/promises";
import { median } from "../figures.ts";
import { subjectOf } from "../load/guests.ts";
import { LoadClient } from "../load/load-client.ts";
import { type Bench, bold, type Row, type Section, whole } from "../part.ts";
import { type Database, openRooms, type Running, settleSearch, startOurs, tokenSource } from "../servers.ts";

const ROOMS = 20;
const MEMBERS = 10;

const ENGLISH = [
  "Good evening from the harbour. The ferry is late again, so there is time for one more story about the lighthouse.",
  "Does anybody know whether the market is open on the second Sunday of the month?",
  "I have been reading about the old railway all week, and I still do not know why it was closed.",
];

const CJK = [
  "こんばんは、港からです。フェリーがまた遅れているので、灯台の話をもう一つする時間があります。",
  "请问这个月的第二个星期天市场开门吗？我想带孩子们一起去看看，顺便买一些水果。",
  "이번 주 내내 오래된 철도에 관한 책을 읽었지만 왜 문을 닫았는지 아직도 모르겠습니다.",
  "昨日の夜は雨がひどくて、駅から歩いて帰るのに一時間もかかってしまいました。",
];

const EMOJI = ["👍", "🎉", "😂", "❤️", "🤔"];

/** Runs the next action of a writer, chosen at random and by its own earlier messages. */
type Step = (client: LoadClient, mine: string[]) => Promise<void>;

const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(Math.random() * items.length)] as Item;

const sendOf =
  (texts: readonly string[]): Step =>
  async (client, mine) => {
    mine.push((await client.send(oneOf(texts))).id);
    if (mine.length > 20) mine.shift();
  };

const sendEnglish = sendOf(ENGLISH);
const sendCjk = sendOf(CJK);

/** 80 % messages, of which a third are Chinese, Japanese or Korean, 15 % reactions, 4 % edits, 1 % deletions. */
const mixed: Step = async (client, mine) => {
  const chance = Math.random();
  const target = mine.at(-1 - Math.floor(Math.random() * mine.length));
  if (chance < 0.8 || target === undefined) return (chance < 0.27 ? sendCjk : sendEnglish)(client, mine);
  if (chance < 0.95) return void (await client.ask("add_reaction", { messageId: target, emoji: oneOf(EMOJI) }));
  if (chance < 0.99) return void (await client.ask("edit_message", { messageId: target, text: `${oneOf(ENGLISH)} (${Math.random()})` }));
  await client.ask("delete_message", { messageId: target });
  mine.splice(mine.indexOf(target), 1);
};

const GROUPS = `
  WITH room AS (
    INSERT INTO rooms (id, kind, name) SELECT gen_random_uuid(), 'group', 'Bench ' || n FROM generate_series(1, $1::int) AS n RETURNING id
  ) SELECT id FROM room`;

/** Lets every member have sent a message: first messages to people who never replied may be queued for moderation. */
const FIRST_WORDS = `
  WITH said AS (
    INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, seq, changed_seq)
    SELECT gen_random_uuid(), m.room_id, m.user_id, gen_random_uuid(), 'Hello everybody', 'en', m.place, m.place
    FROM (SELECT room_id, user_id, row_number() OVER (PARTITION BY room_id ORDER BY user_id) AS place FROM room_members WHERE room_id = ANY($1::uuid[])) m
  ) UPDATE rooms SET last_seq = ${MEMBERS} WHERE id = ANY($1::uuid[])`;

/** Creates group conversations of the given people, ten each. */
async function makeGroups({ pool }: Database, userIds: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(GROUPS, [ROOMS]);
  const roomIds = rows.map(({ id }) => id);
  const places = userIds.map((_, n) => roomIds[Math.floor(n / MEMBERS)]);
  await pool.query("INSERT INTO room_members (room_id, user_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])", [places, userIds]);
  await pool.query(FIRST_WORDS, [roomIds]);
  return roomIds;
}

type Load = {
  readonly database: Database;
  readonly server: Running;
  readonly tokens: readonly string[];
  readonly roomIds: readonly string[];
};

/** Compares the database with what each client received. */
async function faultsOf({ database, roomIds }: Load, clients: readonly LoadClient[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ id: string; head: string }>(
    "SELECT id, last_seq AS head FROM rooms WHERE id = ANY($1::uuid[])",
    [[...roomIds]],
  );
  const heads = new Map(rows.map(({ id, head }) => [id, Number(head)]));
  for (let tries = 0; tries < 100 && clients.some(({ roomId, seq }) => seq < (heads.get(roomId) ?? 0)); tries += 1) await pause(50);
  const behind = clients.filter(({ roomId, seq }) => seq !== heads.get(roomId)).length;
  return [...clients.flatMap(({ faults }) => faults), ...(behind > 0 ? [`${behind} clients did not receive everything`] : [])];
}

/** Lets every client repeat a step as soon as the last one is acknowledged. @returns steps per second within the window, and the faults */
async function run({ windows }: Bench, load: Load, step: Step): Promise<{ rate: number; faults: string[] }> {
  await settleSearch(load.database.pool);
  const clients = await Promise.all(
    load.tokens.map((token, n) => LoadClient.enter(load.server.port, token, load.roomIds[Math.floor(n / MEMBERS)] ?? "")),
  );
  let done = 0;
  let isMeasured = false;
  let isStopping = false;
  const faults: string[] = [];
  const work = clients.map(async (client) => {
    const mine: string[] = [];
    while (!isStopping) {
      await step(client, mine).catch((error: Error) => faults.push(error.message));
      if (isMeasured) done += 1;
    }
  });
  await pause(windows.warmUpMs);
  isMeasured = true;
  const beganAt = performance.now();
  await pause(windows.measureMs);
  isMeasured = false;
  const rate = done / ((performance.now() - beganAt) / 1_000);
  isStopping = true;
  await Promise.all(work);
  faults.push(...(await faultsOf(load, clients)));
  for (const client of clients) client.close();
  return { rate, faults: faults.slice(0, 5) };
}

type Workload = { readonly what: string; readonly step: Step; readonly isPrivate: boolean; readonly aim: string };

const workloads: readonly Workload[] = [
  { what: "English messages", step: sendEnglish, isPrivate: false, aim: "–" },
  { what: "Chinese, Japanese and Korean messages", step: sendCjk, isPrivate: false, aim: "≥ 0.95" },
  { what: "Mixed: 80 % messages (a third CJK), 15 % reactions, 4 % edits, 1 % deletions", step: mixed, isPrivate: false, aim: "–" },
  { what: "The same in group conversations", step: mixed, isPrivate: true, aim: "–" },
];

/** Compares realistic traffic with English messages alone: the same clients, in alternation in one run. */
export async function measureMixed(bench: Bench): Promise<Section> {
  const { database } = bench;
  const server = await startOurs(database);
  try {
    const tokens = await tokenSource(server.port)(ROOMS * MEMBERS);
    const language = (await openRooms(database)).slice(0, ROOMS);
    const groups = await makeGroups(database, tokens.map(subjectOf));
    const rates = workloads.map(() => [] as number[]);
    const discarded: string[] = [];
    for (let round = 0; round < bench.windows.rounds; round += 1)
      for (const [n, { what, step, isPrivate }] of workloads.entries()) {
        const { rate, faults } = await run(bench, { database, server, tokens, roomIds: isPrivate ? groups : language }, step);
        bench.say(`  ${what}: ${Math.round(rate)} a second${faults.length > 0 ? `, FAILED its check: ${faults.join("; ")}` : ""}`);
        if (faults.length > 0) discarded.push(`${what}: ${faults[0]}`);
        else rates[n]?.push(rate);
      }
    const [english = Number.NaN, ...others] = rates.map(median);
    const rows = others.map((rate, n): Row => {
      const { what, aim } = workloads[n + 1] as Workload;
      return {
        what: `${what}, 20 × 10 (200)`,
        ours: `${whole(rate)}/s`,
        beside: `${whole(english)}/s (English messages)`,
        ratio: bold(rate / english),
        aim,
      };
    });
    return { rows, discarded };
  } finally {
    await server.stop();
  }
}
