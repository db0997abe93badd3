import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import type { Latency } from "./figures.ts";
import type { HistoryResult } from "./history.ts";
import type { InsertsResult } from "./inserts.ts";
import type { MemoryResult } from "./memory.ts";
import { nameOf, type ShapeResult } from "./shapes.ts";
import type { SignInsResult } from "./sign-ins.ts";

export type Results = {
  rounds: number;
  shapes?: ShapeResult[];
  memory?: MemoryResult;
  history?: HistoryResult;
  inserts?: InsertsResult;
  signIns?: SignInsResult;
};

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

const whole = (value: number): string => (Number.isNaN(value) ? "no valid run" : Math.round(value).toLocaleString("en"));
const ms = ({ p50, p99 }: Latency, digits = 0): string => (Number.isNaN(p50) ? "–" : `${p50.toFixed(digits)} / ${p99.toFixed(digits)}`);
const times = (ratio: number): string => (Number.isNaN(ratio) ? "–" : `${ratio.toFixed(2)} ×`);

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function shapesTable(results: readonly ShapeResult[]): string {
  const rows = results.map(({ shape, bare, ours }) => [
    nameOf(shape),
    whole(ours.rate),
    whole(bare.rate),
    `**${times(ours.rate / bare.rate)}**`,
    `≥ ${shape.aim}`,
    ms(ours.ack),
    ms(bare.ack),
    ms(ours.receipt),
    ms(bare.receipt),
  ]);
  const head = [
    "Rooms × members (writers)",
    "The Chatroom, messages/s",
    "Bare, messages/s",
    "Ratio",
    "Aim",
    "Send → ack, ms",
    "bare",
    "Send → receipt, ms",
    "bare",
  ];
  return table(head, rows);
}

function othersTable({ memory, history, inserts, signIns }: Results): string {
  const rows: string[][] = [];
  if (memory)
    rows.push([
      `Memory of an idle connection, of ${whole(memory.connections)}`,
      `${memory.oursKb.toFixed(1)} kB`,
      `${memory.bareKb.toFixed(1)} kB (bare)`,
      `**${times(memory.oursKb / memory.bareKb)}**`,
      `≤ ${memory.aim}`,
    ]);
  if (history) {
    const { raw, useCase, rest, messages, aim } = history;
    const control = `${ms(raw, 2)} ms (raw prepared select)`;
    const ratio = (way: Latency): string => `**${times(way.p50 / raw.p50)}** / ${times(way.p99 / raw.p99)}`;
    rows.push([
      `Last 50 of a room at ${whole(messages)} messages, in process`,
      `${ms(useCase, 2)} ms`,
      control,
      ratio(useCase),
      `≤ ${aim}`,
    ]);
    rows.push([`The same through the REST door`, `${ms(rest, 2)} ms`, control, ratio(rest), "–"]);
  }
  if (inserts)
    rows.push([
      "Sends without listeners, 32 under way",
      `${whole(inserts.oursRate)}/s`,
      `${whole(inserts.rawRate)}/s (raw autocommit inserts, 32 connections)`,
      `**${times(inserts.oursRate / inserts.rawRate)}**`,
      `≥ ${inserts.aim}`,
    ]);
  if (signIns)
    rows.push([
      `Send → ack while ${signIns.amount} people sign in at once, which takes ${whole(signIns.seconds)} s`,
      `${ms(signIns.busy, 1)} ms`,
      `${ms(signIns.quiet, 1)} ms (the same talk without them)`,
      `${times(signIns.busy.p50 / signIns.quiet.p50)} / ${times(signIns.busy.p99 / signIns.quiet.p99)}`,
      `p99 < ${signIns.aimMs} ms`,
    ]);
  return rows.length === 0 ? "" : table(["What", "The Chatroom", "Beside", "Ratio", "Aim"], rows);
}

function discardedText({ shapes = [], inserts }: Results): string {
  const lost = [
    ...shapes.flatMap(({ shape, discarded }) => discarded.map((fault) => `${nameOf(shape)}, ${fault}`)),
    ...(inserts?.discarded ?? []),
  ];
  return lost.length === 0
    ? "No run failed its delivery check."
    : `Runs that failed their delivery check and count as nothing: ${lost.join("; ")}.`;
}

function methodText(results: Results): string {
  const gb = Math.round(totalmem() / 1024 ** 3);
  const loads = (results.shapes ?? [])
    .flatMap(({ bare, ours }) => [bare.clientLoad, ours.clientLoad])
    .filter((load) => !Number.isNaN(load));
  const load =
    loads.length === 0 ? "" : ` The clients took ${Math.min(...loads).toFixed(2)} to ${Math.max(...loads).toFixed(2)} of a core.`;
  return `Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${gb} GB, Node ${process.versions.node}, clients, server and embedded PostgreSQL on the one machine. ${results.rounds === 1 ? "One short run each: no more than a hint." : `Medians of ${results.rounds} valid runs, by turns.`} "Bare" is a Socket.IO server without database, sign-in, limits or checks that relays the same messages to the same clients, one frame a message, with the same ack; ours commits each message durably before its ack, with authentication, validation and (raised) limits on. Every writer has one message under way. Times are p50 / p99.${load} ${discardedText(results)}`;
}

/** The figures as Markdown: for the terminal and for the README alike. */
export const reportOf = (results: Results): string =>
  [results.shapes ? shapesTable(results.shapes) : "", othersTable(results), methodText(results)].filter((part) => part !== "").join("\n\n");

/** Puts the report between the marks of a file. */
export async function writeReport(file: URL, report: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`the file has no place for the report (${BEGIN} … ${END})`);
  await writeFile(file, `${text.slice(0, begin + BEGIN.length)}\n${report}\n${text.slice(end)}`);
}
