import { afterAll, beforeAll, expect, it } from "vitest";
import { type Fault, runFault } from "./fault-cell.ts";
import { type Load, makeLoad } from "./fault-load.ts";
import { type FaultNode, makeFaultNode } from "./fault-node.ts";
import { createRandom } from "./random.ts";

// `npm run test:faults` tries every fault at every moment; these are the ones that need every step of a shutdown.
const random = createRandom(Date.now());
let node: FaultNode;
let load: Load;

beforeAll(async () => {
  node = await makeFaultNode();
  node.spawn();
  expect(await node.ready()).toBeTypeOf("number");
  load = await makeLoad(node);
});

afterAll(async () => {
  await node.remove();
});

const faults: readonly Fault[] = [
  { target: "backend", signal: "KILL", moment: "stop", offsetMs: -60 },
  { target: "postmaster", signal: "STOP", moment: "start", offsetMs: 300 },
  { target: "database", signal: "STOP", moment: "stop", offsetMs: -60 },
];

for (const fault of faults) {
  it(`after SIG${fault.signal} to the ${fault.target} at a ${fault.moment}: the server starts again without help, with every acknowledged message`, async () => {
    const { problems } = await runFault({ node, load, random }, fault);
    expect(problems).toEqual([]);
    expect(load.acknowledged.size).toBeGreaterThan(0);
  });
}

it("a server that is stopped after all faults: exits cleanly and leaves no process of its database", async () => {
  expect((await node.stop()).how).toBe(0);
  expect(node.database()).toEqual({ postmaster: null, backends: [] });
});
