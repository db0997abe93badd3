import { resolve } from "node:path";
import { median } from "./figures.ts";
import { nameOf, runOnOurs, type Shape } from "./measure-shape.ts";
import { type Bench, bold, type Section, table, whole } from "./part.ts";
import { shapes } from "./parts/shapes.ts";
import { openRooms, type StartOptions, startDatabase, startOurs, tokenSource } from "./servers.ts";

type Contestant = Parameters<typeof runOnOurs>[1] & { readonly name: string; stop(): Promise<void> };

/** Starts a checkout's built server on its own database, because migrations differ. */
async function contestantOf(name: string, options: StartOptions = {}): Promise<Contestant> {
  const database = await startDatabase();
  const server = await startOurs(database, options);
  const stop = async (): Promise<void> => {
    await server.stop();
    await database.stop();
  };
  return { name, server, database, stop, roomIds: await openRooms(database), tokensOf: tokenSource(server.port) };
}

/** Returns the median rates of one shape, measured in alternation; a run that failed its delivery check is discarded. */
async function compare(bench: Bench, contestants: readonly Contestant[], shape: Shape): Promise<number[]> {
  const rates = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < bench.windows.rounds; round += 1)
    for (const contestant of round % 2 === 0 ? contestants : [...contestants].reverse()) {
      const { rate, faults, serverCpu } = await runOnOurs(bench, contestant, shape);
      const cpu = ((serverCpu.seconds / serverCpu.messages) * 1e6).toFixed(1);
      const fault = faults.length > 0 ? `, FAILED its delivery check: ${faults.join("; ")}` : "";
      bench.say(`  ${nameOf(shape)} ${contestant.name}: ${Math.round(rate)} a second, ${cpu} µs of the server a message${fault}`);
      if (faults.length === 0) rates.get(contestant)?.push(rate);
    }
  return contestants.map((contestant) => median(rates.get(contestant) ?? []));
}

/** Measures the shapes of part (a) on this checkout and on another built one, in alternation in one run. */
export async function measureAgainst(bench: Bench, folder: string, names: readonly string[]): Promise<Section> {
  const contestants = [await contestantOf("other", { folder: resolve(folder) }), await contestantOf("this")];
  try {
    const rows: string[][] = [];
    for (const shape of shapes.filter((one) => names.length === 0 || names.includes(`${one.rooms}x${one.members}`))) {
      const [other = Number.NaN, ours = Number.NaN] = await compare(bench, contestants, shape);
      rows.push([nameOf(shape), whole(ours), whole(other), bold(ours / other)]);
    }
    return { table: table(["Rooms × members (writers)", "This checkout, messages/s", "The other, messages/s", "Ratio"], rows) };
  } finally {
    for (const contestant of contestants) await contestant.stop();
  }
}
