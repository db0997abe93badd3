import { readFile, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { type Section, table } from "./part.ts";

const BEGIN = "<!-- bench:begin -->";
const END = "<!-- bench:end -->";

function rowsTable(sections: readonly Section[]): string {
  const rows = sections.flatMap((section) => section.rows ?? []);
  const cells = rows.map(({ what, ours, beside, ratio, aim }) => [what, ours, beside, ratio, aim]);
  return rows.length === 0 ? "" : table(["What", "The Chatroom", "Compared with", "Ratio", "Goal"], cells);
}

function discardedText(sections: readonly Section[]): string {
  const lost = sections.flatMap((section) => section.discarded ?? []);
  return lost.length === 0
    ? "No run failed its delivery check."
    : `Runs that failed their delivery check and count as nothing: ${lost.join("; ")}.`;
}

function methodText(sections: readonly Section[], rounds: number): string {
  const gb = Math.round(totalmem() / 1024 ** 3);
  const loads = sections.flatMap((section) => section.clientLoads ?? []).filter((load) => !Number.isNaN(load));
  const load =
    loads.length === 0 ? "" : ` The clients used ${Math.min(...loads).toFixed(2)} to ${Math.max(...loads).toFixed(2)} of a core.`;
  return `Measured by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${cpus()[0]?.model ?? "unknown"}), ${gb} GB, Node ${process.versions.node}, clients, server and embedded PostgreSQL on the one machine. ${rounds === 1 ? "One short run each: no more than a hint." : `Medians of ${rounds} valid runs, by turns.`} "Plain Socket.IO" or "bare" is a server without database, sign-in, limits or checks that relays the same messages to the same clients, one frame per message, with the same ack. The Chatroom commits each message durably before its ack, with authentication, validation and (raised) limits. Every writer has one message in flight unless stated otherwise. Times are p50 / p99. "Grows as n^x" is the power law through the medians at four sizes: n^0 does not grow.${load} ${discardedText(sections)}`;
}

/** Formats the figures as Markdown, for the terminal and for the README. */
export const reportOf = (sections: readonly Section[], rounds: number): string =>
  [...sections.map((section) => section.table ?? ""), rowsTable(sections), methodText(sections, rounds)]
    .filter((text) => text !== "")
    .join("\n\n");

/** Replaces the text between the markers of a file with the report. */
export async function writeReport(file: URL, report: string): Promise<void> {
  const text = await readFile(file, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`the file has no place for the report (${BEGIN} … ${END})`);
  await writeFile(file, `${text.slice(0, begin + BEGIN.length)}\n${report}\n${text.slice(end)}`);
}
