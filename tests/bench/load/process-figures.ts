import { readFileSync } from "node:fs";

/** The memory of a process that is in RAM, in kB. */
export function residentKb(pid: number): number {
  const [, kb = ""] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kb);
}

/** What Linux counts CPU time in for those who ask: 1/100 s on every architecture (`getconf CLK_TCK`). */
const TICKS_A_SECOND = 100;

/** The CPU time that a process has used with all its threads, in seconds, user and system together. */
export function cpuSecondsOf(pid: number): number {
  // The second field is the program's name, in brackets, and may hold anything; what follows is numbers.
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
