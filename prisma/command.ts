import { type Config, loadConfig } from "../utils/config.ts";
import { operatorErrorOf } from "./operator-errors.ts";
import { requireSessions } from "./pooling.ts";

/**
 * Runs an operator's command with the configuration of the environment. Prints errors that the operator can fix as one sentence, and bugs
 * with their stack; both set the exit code of the process.
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
