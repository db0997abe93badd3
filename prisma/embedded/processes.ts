import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/**
 * A living process. `bornAt` tells it from a later one with the same pid. `isBusy` when it runs or waits for a disk;
 * `cpuTime` is what it has used so far, in the system's own notation.
 */
export type ProcessInfo = {
  readonly pid: number;
  readonly bornAt: string;
  readonly command: string;
  readonly isBusy: boolean;
  readonly cpuTime: string;
};

// Everything here is synchronous, because an `exit` handler needs it, in which nothing can be awaited.

const isLinux = process.platform === "linux";

let bootId: string | null = null;
const thisBoot = (): string => (bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());

/** Fields 3, 14, 15 and 22 of /proc/<pid>/stat (proc(5)). The second may hold spaces, so counting starts behind it. */
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

/** Returns the process with this pid, or null when none lives; a zombie counts as dead. */
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

/** A process of a container that is seen from outside has several pids: one for each namespace. It is not ours to judge. */
const isInOurNamespace = (pid: string): boolean => {
  try {
    return !/^NSpid:\s+\d+\s+\d/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
};

/** Returns the living processes whose command line matches, apart from those in containers of their own. */
export function findProcesses(matches: (command: string) => boolean): ProcessInfo[] {
  if (!isLinux) return runPs(["-ax"]).filter(({ command }) => matches(command));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && matches(readLinuxCommand(name)) && isInOurNamespace(name))
    .flatMap((name) => readLinuxProcess(Number(name)) ?? []);
}

/** Sends a signal to a process that was found before, unless its pid has passed to another one since. */
export function sendSignal({ pid, bornAt }: ProcessInfo, signal: NodeJS.Signals): void {
  if (findProcess(pid)?.bornAt !== bornAt) return;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
