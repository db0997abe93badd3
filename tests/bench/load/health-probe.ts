import { setTimeout as pause } from "node:timers/promises";
import { openRest } from "./guests.ts";

/** Requests `/health` every 10 ms from a separate process until it receives a message; then it sends its results and exits. */
const EVERY_MS = 10;

/** The results of a probe: the time of each answer in ms, and the number of requests without an answer. */
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
