import { setTimeout as pause } from "node:timers/promises";
import { openRest } from "./guests.ts";

/** Asks `/health` every 10 ms from a process of its own, until it is told to stop; then it answers what it saw and ends. */
const EVERY_MS = 10;

/** What a probe saw: each answer's time in ms, and how many questions got none. */
export type Probed = { readonly times: number[]; readonly failures: number };

const port = Number(process.env.PROBED_PORT);

async function probe(): Promise<void> {
  const rest = openRest(port, { connections: 50 });
  const times: number[] = [];
  let failures = 0;
  let isOver = false;
  process.once("message", () => {
    isOver = true;
  });
  const ask = async (): Promise<void> => {
    const askedAt = performance.now();
    const isAnswered = await rest.call({ method: "GET", path: "/health" }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (isAnswered) times.push(performance.now() - askedAt);
    else failures += 1;
  };
  process.send?.("ready");
  const asked: Promise<void>[] = [];
  while (!isOver) {
    asked.push(ask());
    await pause(EVERY_MS);
  }
  await Promise.all(asked);
  process.send?.({ times, failures } satisfies Probed);
  rest.close();
  process.disconnect();
}

if (process.env.PROBED_PORT !== undefined) void probe();
