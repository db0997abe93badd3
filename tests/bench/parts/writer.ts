import pg from "pg";
import { medianLatency } from "../figures.ts";
import { measureShape, type Servers, type Shape } from "../measure-shape.ts";
import { type Bench, bold, ms, type Section } from "../part.ts";
import { insertOneByOne } from "./inserts.ts";

const SHAPE: Shape = { rooms: 1, members: 100, writers: 1 };
const INSERTS = 4;
const AIM_P99_MS = 10;

/** Measures the time for inserting and committing one row on an idle database, repeatedly. */
async function timeInserts({ database, windows }: Bench, roomId: string): Promise<{ p50: number; p99: number }> {
  const client = new pg.Client({ connectionString: database.url });
  client.on("error", () => undefined);
  await client.connect();
  const runs: { p50: number; p99: number }[] = [];
  for (let round = 0; round < windows.rounds; round += 1) runs.push(await insertOneByOne(database, client, { roomId, windows }));
  await client.end();
  return medianLatency(runs);
}

/**
 * Measures one writer among 100: the cost of the guarantee "acknowledged means committed", in comparison with a relay without guarantees.
 */
export async function measureWriter(bench: Bench, servers: Servers): Promise<Section> {
  const full = await measureShape(bench, servers, SHAPE);
  const half = await measureShape(bench, servers, { ...SHAPE, everyMs: 2_000 / full.ours.rate });
  const insert = await timeInserts(bench, servers.roomIds.at(-1) ?? "");
  const bound = full.bare.ack.p50 + INSERTS * insert.p50;
  bench.say(
    `  one writer: ours ${ms(full.ours.ack, 2)}, bare ${ms(full.bare.ack, 2)}, insert ${ms(insert, 2)}, half ${ms(half.ours.ack, 2)} ms`,
  );
  const rows = [
    {
      what: "One writer in a room of 100, send → ack",
      ours: `${ms(full.ours.ack, 2)} ms`,
      beside: `${bound.toFixed(2)} ms (bare ${full.bare.ack.p50.toFixed(2)} and ${INSERTS} raw inserts of ${insert.p50.toFixed(2)})`,
      ratio: bold(full.ours.ack.p50 / bound),
      aim: "≤ 1",
    },
    {
      what: "The same at half its load",
      ours: `${ms(half.ours.ack, 2)} ms`,
      beside: `${ms(half.bare.ack, 2)} ms (bare, the same load)`,
      ratio: bold(half.ours.ack.p99 / half.bare.ack.p99),
      aim: `p99 ≤ ${AIM_P99_MS} ms`,
    },
  ];
  return { rows, discarded: [...full.discarded, ...half.discarded] };
}
