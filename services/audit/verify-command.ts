// `npm run audit:verify -- [<number>:<hash>]`: verifies the chain of the audit log, with or without a running server.

import { runCommand } from "../../prisma/command.ts";
import { openForCommand } from "../../prisma/open-cli.ts";
import type { Config } from "../../utils/config.ts";
import { type Known, type Verification, verifyChain } from "./verify-chain.ts";

const USAGE = "Usage: npm run audit:verify -- [<number>:<hash>]";
const POSITION = /^(\d{1,15}):([0-9a-f]{64})$/;

function summaryOf({ checked, head, fault, isKnownChecked }: Verification, known: Known | null): string {
  if (fault !== null) {
    const where = fault.number === null ? "" : `Number ${fault.number} is broken: `;
    return `${where}${fault.reason}. ${checked} rows before it were verified.`;
  }
  const expired = known === null || isKnownChecked ? "" : ` Number ${known.number} has expired and was not compared.`;
  return `The audit log is complete: ${checked} rows were verified.${expired}\nThe newest row is ${head.number}:${head.hash}`;
}

async function run(config: Config, known: Known | null): Promise<void> {
  const { pool, close } = await openForCommand(config);
  try {
    const verification = await verifyChain(pool, known);
    (verification.fault === null ? console.log : console.error)(summaryOf(verification, known));
    if (verification.fault !== null) process.exitCode = 1;
  } finally {
    await close();
  }
}

const [argument, ...rest] = process.argv.slice(2);
const [, number, hash] = POSITION.exec(argument ?? "") ?? [];
const known = number === undefined || hash === undefined ? null : { number: Number(number), hash };
if ((argument !== undefined && known === null) || rest.length > 0) {
  console.error(USAGE);
  process.exitCode = 64;
} else {
  await runCommand((config) => run(config, known));
}
