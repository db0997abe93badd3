import { once } from "node:events";
import { backoffMs } from "../../../utils/client/connection/backoff.ts";
import type { Returning, ReturningJob, ReturningResult } from "./returning-job.ts";
import { openWire, type Wire } from "./wire.ts";

/**
 * Clients that all connect and join at once, in a separate process: it receives one job by message, sends one result, and exits. They do
 * not parse messages, so that the server and the database have the cores.
 */
const MOST_MS = 60_000;
const MOST_TRIES = 20;

const MESSAGE = Buffer.from('"changedSeq":');
const FALSE = /^43\d+\[\{"ok":false/;

type Tally = {
  readonly startedAt: number;
  readonly answeredMs: number[];
  readonly retried: Record<string, number>;
  readonly faults: string[];
  bytes: number;
};

type Refusal = { readonly code: string; readonly retryAfterMs?: number };

/** Counts the occurrences of a byte sequence. */
function countOf(bytes: Buffer, part: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(part); at !== -1; at = bytes.indexOf(part, at + part.length)) count += 1;
  return count;
}

/** Checks that an answer contains every message after the client's number, or the newest 50 if these are more than 1,000. */
function faultOf(packet: Buffer, { afterSeq }: Returning): string | null {
  const [, lastSeq = "", isSnapshot] =
    /"lastSeq":(\d+),"hasMore":(?:true|false),"epoch":"[^"]*","isSnapshot":(true|false)\}\}\]$/.exec(
      packet.toString("latin1", Math.max(0, packet.length - 300)),
    ) ?? [];
  if (lastSeq === "") return `an answer of an unknown form: ${packet.toString("utf8", 0, 100)}`;
  const missed = afterSeq === null ? Number.POSITIVE_INFINITY : Number(lastSeq) - afterSeq;
  const expected = missed > 1_000 ? 50 : missed;
  const found = countOf(packet, MESSAGE);
  // Messages sent during the read of the newest page come on top.
  if (missed > 1_000 && found > expected) return null;
  if ((isSnapshot === "true") !== missed > 1_000) return `isSnapshot was ${isSnapshot} for a client ${missed} behind`;
  return found === expected ? null : `${found} messages instead of ${expected}`;
}

/** Connects, joins, and retries as the server requests, until the client is answered or rejected permanently. */
function come(port: number, client: Returning, tally: Tally): Promise<Wire> {
  const { token, roomId, afterSeq } = client;
  let tries = 0;
  return new Promise((resolve, reject) => {
    let wire: Wire;
    const join = (): void => wire.send(`42${tries}${JSON.stringify(["join_room", { roomId, ...(afterSeq !== null && { afterSeq }) }])}`);
    const retry = ({ code, retryAfterMs }: Refusal, again: () => void): void => {
      tries += 1;
      tally.retried[code] = (tally.retried[code] ?? 0) + 1;
      if (retryAfterMs === undefined || tries > MOST_TRIES) reject(new Error(`rejected for good: ${code}`));
      else setTimeout(again, backoffMs(tries - 1, { atLeastMs: retryAfterMs }));
    };
    const receive = (packet: Buffer): void => {
      tally.bytes += packet.length;
      const head = packet.toString("latin1", 0, 24);
      if (head.startsWith("0")) wire.send(`40${JSON.stringify({ token })}`);
      else if (head.startsWith("40")) join();
      else if (head.startsWith("44")) {
        wire.close();
        retry((JSON.parse(packet.toString("utf8", 2)) as { data: Refusal }).data, connect);
      } else if (FALSE.test(head)) {
        retry((JSON.parse(packet.toString("utf8", packet.indexOf("["))) as [{ error: Refusal }])[0].error, join);
      } else if (head.startsWith("43")) {
        tally.answeredMs.push(performance.now() - tally.startedAt);
        const fault = faultOf(packet, client);
        if (fault !== null) tally.faults.push(fault);
        resolve(wire);
      }
    };
    const connect = (): void => {
      wire = openWire(
        { port, host: "127.0.0.1" },
        { onPacket: receive, onClose: (reason) => reject(new Error(`connection lost: ${reason}`)) },
      );
    };
    setTimeout(() => reject(new Error("not answered within a minute")), MOST_MS).unref();
    connect();
  });
}

async function run({ port, clients }: ReturningJob): Promise<ReturningResult> {
  const cpu = process.cpuUsage();
  const tally: Tally = { startedAt: performance.now(), answeredMs: [], retried: {}, faults: [], bytes: 0 };
  const wires = await Promise.allSettled(clients.map((client) => come(port, client, tally)));
  const seconds = (performance.now() - tally.startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  for (const wire of wires) {
    if (wire.status === "fulfilled") wire.value.close();
    else tally.faults.push((wire.reason as Error).message);
  }
  return { ...tally, clientLoad: (user + system) / 1e6 / seconds };
}

if (process.send !== undefined) {
  const [job] = (await once(process, "message")) as [ReturningJob];
  process.send(await run(job), () => process.disconnect());
}
