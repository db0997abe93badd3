import { setTimeout as pause } from "node:timers/promises";
import { type ProcessInfo, sendSignal } from "../../prisma/embedded/processes.ts";
import { findLost, type Load } from "./fault-load.ts";
import type { Exit, FaultNode } from "./fault-node.ts";
import type { Random } from "./random.ts";

export const TARGETS = ["backend", "postmaster", "database", "server"] as const;
export const SIGNALS = ["KILL", "TERM", "STOP"] as const;
export const MOMENTS = ["idle", "load", "start", "stop"] as const;

/**
 * One fault: a signal to a process at a moment; `database` is PostgreSQL with all its backends. `offsetMs` is the distance from the
 * beginning of a start or a stop; a negative one comes before it.
 */
export type Fault = {
  readonly target: (typeof TARGETS)[number];
  readonly signal: (typeof SIGNALS)[number];
  readonly moment: (typeof MOMENTS)[number];
  readonly offsetMs: number;
};

/** The result of a fault. `problems` is empty when the next start succeeded without help and nothing acknowledged was lost. */
export type Result = {
  readonly fault: Fault;
  readonly hit: string;
  readonly exit: Exit | null;
  readonly readyAfterMs: number;
  readonly problems: readonly string[];
};

const TARGET_LIMIT_MS = 10_000;
/** How long a fault takes effect before the server is stopped. */
const AFTER_MS = 1_500;
/** A start that was hit may hang; it is stopped after this long, as by a service manager. */
const HURT_START_MS = 8_000;

type Scene = { readonly node: FaultNode; readonly load: Load; readonly random: Random };

/** Finds the processes to signal; during a start they may not exist yet. */
async function findTargets({ node, random }: Scene, target: Fault["target"]): Promise<ProcessInfo[]> {
  for (const end = performance.now() + TARGET_LIMIT_MS; performance.now() < end; await pause(5)) {
    const { postmaster, backends } = node.database();
    const sessions = backends.filter(({ command }) => command.includes("[local]"));
    // Mostly a session; sometimes the checkpointer or another background process.
    const backend = random.pick(random.next() < 0.7 ? sessions : backends);
    if (target === "backend" && backend) return [backend];
    if (target !== "backend" && postmaster) return target === "database" ? [postmaster, ...backends] : [postmaster];
    if (!node.isRunning()) return [];
  }
  return [];
}

/** Applies the fault. @returns the processes that were hit */
async function strike(scene: Scene, { target, signal }: Fault): Promise<string> {
  if (target === "server") {
    const isHit = scene.node.server().kill(`SIG${signal}`);
    return isHit ? "server" : "nothing";
  }
  const found = await findTargets(scene, target);
  for (const one of found) sendSignal(one, `SIG${signal}`);
  if (found.length === 0) return "nothing";
  return target === "backend" ? (found[0]?.command.replace(/^postgres: chatroom-\d+-\d+: /, "").trim() ?? "") : target;
}

/** Stops the server as a service manager does. A server stopped by a signal is killed, because it handles no signal. */
async function endServer({ node }: Scene, { target, signal }: Fault): Promise<Exit | null> {
  if (!node.isRunning()) return null;
  if (target !== "server" || signal !== "STOP") return node.stop();
  await node.kill();
  return null;
}

async function duringWork(scene: Scene, fault: Fault): Promise<Pick<Result, "hit" | "exit">> {
  if (fault.moment === "load") {
    scene.load.begin();
    await scene.load.more(20);
  }
  const hit = await strike(scene, fault);
  await pause(AFTER_MS);
  const exit = await endServer(scene, fault);
  await scene.load.end();
  return { hit, exit };
}

async function duringStart(scene: Scene, fault: Fault): Promise<Pick<Result, "hit" | "exit">> {
  const { node, random } = scene;
  // Half of the starts find a database that was stopped cleanly, the others one that needs recovery.
  if (random.next() < 0.5) await node.stop();
  else {
    const { postmaster } = node.database();
    if (postmaster) sendSignal(postmaster, "SIGKILL");
    await node.kill();
  }
  node.spawn();
  await pause(fault.offsetMs);
  const hit = await strike(scene, fault);
  await node.ready(HURT_START_MS);
  return { hit, exit: await endServer(scene, fault) };
}

async function duringStop(scene: Scene, fault: Fault): Promise<Pick<Result, "hit" | "exit">> {
  scene.load.begin();
  await scene.load.more(20);
  const before = fault.offsetMs < 0;
  let hit = before ? await strike(scene, fault) : "";
  await pause(before ? -fault.offsetMs : 0);
  const stopping = endServer(scene, { ...fault, signal: before ? fault.signal : "TERM" });
  await pause(before ? 0 : fault.offsetMs);
  if (!before) hit = await strike(scene, fault);
  const exit = await stopping;
  await scene.load.end();
  return { hit, exit };
}

/** Applies one fault to a ready server, stops the server, and starts it again without any help. The server is ready again afterwards. */
export async function runFault(scene: Scene, fault: Fault): Promise<Result> {
  const { node, load } = scene;
  const play = { idle: duringWork, load: duringWork, start: duringStart, stop: duringStop }[fault.moment];
  const { hit, exit } = await play(scene, fault);
  node.spawn();
  const outcome = await node.ready();
  const isReady = typeof outcome === "number";
  const lost = isReady ? await findLost(node, load) : [];
  const problems = [
    ...(isReady ? [] : [`the next start failed: ${outcome}`]),
    ...(lost.length > 0 ? [`${lost.length} of ${load.acknowledged.size} acknowledged messages are lost or doubled`] : []),
  ];
  return { fault, hit, exit, readyAfterMs: isReady ? outcome : -1, problems };
}
