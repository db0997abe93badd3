import { readFileSync } from "node:fs";

/** Returns the resident memory of a process in kB. */
export function residentKb(pid: number): number {
  const [, kb = ""] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kb);
}

/** The unit in which Linux reports CPU time: 1/100 s on every architecture (`getconf CLK_TCK`). */
const TICKS_A_SECOND = 100;

/** Returns the CPU time that a process has used with all its threads, user and system together, in seconds. */
export function cpuSecondsOf(pid: number): number {
  // The second field is the program's name in parentheses and may contain anything; the fields after it are numeric.
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}
