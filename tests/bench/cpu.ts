import { measureShape, nameOf, type Shape, type ShapeResult, withServers } from "./measure-shape.ts";
import { type Bench, bold, type Section } from "./part.ts";

/** Shapes where messages rarely share a frame are measured per frame, the others per message. */
const BY_FRAME: readonly Shape[] = [
  { rooms: 100, members: 20, writers: 100 },
  { rooms: 500, members: 4, writers: 500 },
];
const BY_MESSAGE: readonly Shape[] = [{ rooms: 1, members: 100, writers: 100 }];
const AIM_FRAME = 1.15;
const AIM_MESSAGE = 0.25;

const us = (value: number): string => `${value.toFixed(1)} µs`;

const frameRow = ({ shape, bare, ours }: ShapeResult) => ({
  what: `Server CPU time per delivered frame, ${nameOf(shape)}`,
  ours: us(ours.usOfFrame),
  beside: `${us(bare.usOfFrame)} (bare)`,
  ratio: bold(ours.usOfFrame / bare.usOfFrame),
  aim: `≤ ${AIM_FRAME}`,
});

const messageRow = ({ shape, bare, ours }: ShapeResult) => ({
  what: `The same per message, ${nameOf(shape)}, ${Math.round(ours.batch)} messages per commit`,
  ours: us(ours.usOfMessage),
  beside: `${us(bare.usOfMessage)} (bare)`,
  ratio: bold(ours.usOfMessage / bare.usOfMessage),
  aim: `≤ ${AIM_MESSAGE}`,
});

/** Measures the CPU time of the server's process, user and system, over all threads and without PostgreSQL's. */
export const measureCpu = (bench: Bench): Promise<Section> =>
  withServers(bench, async (servers) => {
    const results: ShapeResult[] = [];
    for (const shape of [...BY_FRAME, ...BY_MESSAGE]) results.push(await measureShape(bench, servers, shape));
    const rows = results.map((result) => (BY_FRAME.includes(result.shape) ? frameRow(result) : messageRow(result)));
    return { rows, discarded: results.flatMap(({ discarded }) => discarded) };
  });
