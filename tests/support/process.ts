import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { noteLog } from "./conformance/private-data.mjs";
import { testFolder } from "./database/db.ts";

/** The real `server.ts` in its own process. */
export type ServerProcess = {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: readonly string[];
  /** Sends a signal and waits for the exit; returns the exit code, or the signal that ended it. */
  end(signal: "SIGTERM" | "SIGKILL"): Promise<number | string>;
};

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const OPEN = /is listening at (http:\/\/\S+)/;

/** Starts `server.ts` on a database, on a free port, and waits until it listens. */
export async function startServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const folder = await testFolder();
  const settings = {
    NODE_ENV: "test",
    PORT: "0",
    HOST: "127.0.0.1",
    DATA_DIR: folder.path,
    LIMITS_SCALE: "1000",
    LOG_LEVEL: "info",
    ...env,
  };
  const child = spawn(process.execPath, ["--import", "tsx", "server.ts"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: string[] = [];
  const ended = once(child, "exit").then(async ([code, signal]: (number | string | null)[]) => {
    await folder.remove();
    return code ?? signal ?? "nothing";
  });
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        noteLog(line);
        const address = OPEN.exec(line)?.[1];
        if (address !== undefined) resolve(address.replace("localhost", "127.0.0.1"));
      });
    }
    void ended.then((code) => reject(new Error(`the server ended with ${code}:\n${log.join("\n")}`)));
  });
  return {
    url,
    child,
    log,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
