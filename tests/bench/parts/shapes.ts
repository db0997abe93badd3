import { measureShape, nameOf, type ShapeResult, withServers } from "../measure-shape.ts";
import { type Bench, bold, ms, type Section, table, whole } from "../part.ts";
import { measureWriter } from "./writer.ts";

/** The target ratios to bare Socket.IO. */
export const shapes = [
  { rooms: 1, members: 100, writers: 100, aim: 8 },
  { rooms: 1, members: 1_000, writers: 50, aim: 12 },
  { rooms: 20, members: 10, writers: 200, aim: 1.6 },
  { rooms: 100, members: 20, writers: 100, aim: 0.85 },
  { rooms: 500, members: 4, writers: 500, aim: 0.8 },
] as const;

const HEAD = [
  "Rooms × members (writers)",
  "Messages/s",
  "Messages/s, plain Socket.IO",
  "Ratio",
  "Goal",
  "Send to ack, ms",
  "plain Socket.IO",
  "Send to delivery, ms",
  "plain Socket.IO",
];

const rowOf = ({ shape, bare, ours, aim }: ShapeResult & { aim: number }): string[] => [
  nameOf(shape),
  whole(ours.rate),
  whole(bare.rate),
  bold(ours.rate / bare.rate),
  `≥ ${aim}`,
  ms(ours.ack),
  ms(bare.ack),
  ms(ours.receipt),
  ms(bare.receipt),
];

/** Compares each shape with bare Socket.IO, and measures one writer alone. */
export const measureShapes = (bench: Bench): Promise<Section> =>
  withServers(bench, async (servers) => {
    const results: (ShapeResult & { aim: number })[] = [];
    for (const { aim, ...shape } of shapes) results.push({ ...(await measureShape(bench, servers, shape)), aim });
    const writer = await measureWriter(bench, servers);
    return {
      table: table(HEAD, results.map(rowOf)),
      rows: writer.rows ?? [],
      discarded: [...results.flatMap(({ discarded }) => discarded), ...(writer.discarded ?? [])],
      clientLoads: results.flatMap(({ bare, ours }) => [bare.clientLoad, ours.clientLoad]),
    };
  });
