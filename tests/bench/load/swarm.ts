import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { latencyOf } from "../figures.ts";
import type { FromSwarm, SwarmJob, SwarmResult } from "./job.ts";
import { cpuSecondsOf } from "./process-figures.ts";
import { keyOf, RoomRecord } from "./room-record.ts";
import { type Ledger, Member } from "./swarm-member.ts";

/** A load generator in a separate process: it receives one job by message, sends one result, and exits. */
const CONNECTING_AT_ONCE = 64;
const DRAIN_MS = 20_000;

const tell = (message: FromSwarm): void => void process.send?.(message);

async function connectAll(job: SwarmJob, ledger: Ledger): Promise<Member[]> {
  const wanted = job.rooms.flatMap(({ roomId, members }) => {
    const record = new RoomRecord(roomId);
    return members.map((member, place) => ({ ...member, record, isSampler: place === members.length - 1 }));
  });
  const members: Member[] = [];
  const next = wanted.values();
  const worker = async (): Promise<void> => {
    for (const one of next) {
      const member = new Member(job, one, ledger);
      await member.entered();
      members.push(member);
    }
  };
  await Promise.all(Array.from({ length: CONNECTING_AT_ONCE }, worker));
  return members;
}

/** Waits until every message in flight is acknowledged and every subscriber has reached the room's number. */
async function drain(members: readonly Member[], ledger: Ledger, join: boolean): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  const isDone = (): boolean =>
    ledger.underWay === 0 && (!join || members.every((member) => member.seq >= (ledger.highest.get(member.record) ?? 0)));
  while (!isDone() && performance.now() < deadline && ledger.faults.length === 0) await pause(20);
  if (ledger.underWay > 0) ledger.faults.push(`${ledger.underWay} messages were never acknowledged`);
  const behind = join ? members.filter((member) => member.seq !== member.record.lastSeq).length : 0;
  if (behind > 0) ledger.faults.push(`${behind} receivers did not hear everything`);
}

function check(members: readonly Member[], ledger: Ledger, join: boolean): RoomRecord[] {
  const records = [...new Set(members.map((member) => member.record))];
  for (const record of records) {
    const acknowledged = ledger.acknowledged.get(record) ?? new Map<number, string>();
    if (!join) record.startAt(Math.min(...acknowledged.keys()) - 1);
    if (!join) record.fillFrom(acknowledged);
    record.compareWithAcks(new Set(acknowledged.values()));
  }
  return records;
}

async function talk(job: SwarmJob, members: readonly Member[], ledger: Ledger): Promise<SwarmResult> {
  for (const member of members) member.start();
  await pause(job.warmUpMs);
  const cpu = process.cpuUsage();
  const before = { seconds: cpuSecondsOf(job.serverPid), frames: ledger.frames };
  ledger.from = performance.now();
  await pause(job.measureMs);
  ledger.to = performance.now();
  const spent = process.cpuUsage(cpu);
  const serverCpu = {
    seconds: cpuSecondsOf(job.serverPid) - before.seconds,
    messages: ledger.ackTimes.length,
    frames: ledger.frames - before.frames,
  };
  ledger.isStopping = true;
  const seconds = (ledger.to - ledger.from) / 1_000;
  await drain(members, ledger, job.join);
  const records = check(members, ledger, job.join);
  return {
    rate: ledger.ackTimes.length / seconds,
    ack: latencyOf(ledger.ackTimes),
    receipt: latencyOf(ledger.receiptTimes),
    faults: [...ledger.faults, ...records.flatMap((record) => record.faults)].slice(0, 10),
    proofs: records.map((record) => record.proof()),
    clientLoad: (spent.user + spent.system) / 1e6 / seconds,
    serverCpu,
  };
}

async function run(job: SwarmJob): Promise<void> {
  const hex = randomBytes(8).toString("hex");
  const run = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(12, 15)}-8000`;
  const ledger: Ledger = {
    keyOf: (index) => keyOf(run, index),
    sentAt: [0],
    from: Number.POSITIVE_INFINITY,
    to: Number.POSITIVE_INFINITY,
    isStopping: false,
    underWay: 0,
    frames: 0,
    ackTimes: [],
    receiptTimes: [],
    acknowledged: new Map(),
    highest: new Map(),
    faults: [],
  };
  const members = await connectAll(job, ledger);
  tell({ kind: "connected" });
  if (job.measureMs === 0) return;
  tell({ kind: "done", result: await talk(job, members, ledger) });
}

process.once("message", (job: SwarmJob) => {
  run(job).catch((error: unknown) => tell({ kind: "failed", reason: error instanceof Error ? error.message : String(error) }));
});
process.on("disconnect", () => process.exit(0));
