import { type Config, loadConfig } from "../utils/config.ts";
import { operatorErrorOf } from "./operator-errors.ts";
import { requireSessions } from "./pooling.ts";

/**
 * Runs an operator's command with the settings of the environment. What whoever runs it can mend is printed as one sentence, a bug with
 * its stack; either sets the exit code of the process.
 */
export async function runCommand(work: (config: Config) => Promise<void>): Promise<void> {
  try {
    const config = loadConfig(process.env);
    if (config.database) await requireSessions(config.database.url);
    await work(config);
  } catch (error) {
    const { message, exitCode } = operatorErrorOf(error) ?? { message: error, exitCode: 1 };
    console.error(message);
    process.exitCode = exitCode;
  }
}
