import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * A live process. `bornAt` distinguishes it from a later one with the same pid. `isBusy` if it runs or waits for a disk; `cpuTime` is the
 * time it has used so far, in the system's own format.
 */
export type ProcessInfo = {
  readonly pid: number;
  readonly bornAt: string;
  readonly command: string;
  readonly isBusy: boolean;
  readonly cpuTime: string;
};

// Everything in this file is synchronous, because an `exit` handler uses it and cannot await anything.

const isLinux = process.platform === "linux";

let bootId: string | null = null;
const thisBoot = (): string => (bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());

/** Reads fields 3, 14, 15 and 22 of /proc/<pid>/stat (proc(5)). The second field may contain spaces, so counting starts after it. */
function readLinuxProcess(pid: number): ProcessInfo | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const state = fields[0] ?? "";
    if (/[ZX]/.test(state)) return null;
    return {
      pid,
      bornAt: `${thisBoot()} ${fields[19]}`,
      command,
      isBusy: /[RD]/.test(state),
      cpuTime: `${fields[11]} ${fields[12]}`,
    };
  } catch {
    return null;
  }
}

const PS_LINE = /^\s*(\d+)\s+(\S+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

function runPs(selection: readonly string[]): ProcessInfo[] {
  const columns = ["-o", "pid=,state=,time=,lstart=,command="];
  const text = (() => {
    try {
      return execFileSync("ps", [...selection, ...columns], { encoding: "utf8", env: { PATH: "/usr/bin:/bin", LC_ALL: "C" } });
    } catch {
      return "";
    }
  })();
  return text.split("\n").flatMap((line) => {
    const [, pid, state = "", cpuTime = "", bornAt = "", command = ""] = PS_LINE.exec(line) ?? [];
    if (pid === undefined || state.startsWith("Z")) return [];
    return [{ pid: Number(pid), bornAt, command, isBusy: /^[RUD]/.test(state), cpuTime }];
  });
}

/** Returns the process with this pid, or null if it is not alive; a zombie counts as dead. */
export function findProcess(pid: number): ProcessInfo | null {
  return isLinux ? readLinuxProcess(pid) : (runPs(["-p", String(pid)])[0] ?? null);
}

const readLinuxCommand = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/**
 * Whether a process belongs to our namespace. A process of a container has several pids when seen from outside, one for each namespace; it
 * is ignored.
 */
const isInOurNamespace = (pid: string): boolean => {
  try {
    return !/^NSpid:\s+\d+\s+\d/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Returns the live processes whose command line matches, except those in other containers. */
export function findProcesses(matches: (command: string) => boolean): ProcessInfo[] {
  if (!isLinux) return runPs(["-ax"]).filter(({ command }) => matches(command));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && matches(readLinuxCommand(name)) && isInOurNamespace(name))
    .flatMap((name) => readLinuxProcess(Number(name)) ?? []);
}

/** Sends a signal to a process that was found before, unless its pid now belongs to another process. */
export function sendSignal({ pid, bornAt }: ProcessInfo, signal: NodeJS.Signals): void {
  if (findProcess(pid)?.bornAt !== bornAt) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
