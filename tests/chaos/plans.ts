import type { Plan, Trouble } from "./run.ts";

const times = (amount: number, trouble: Trouble): Trouble[] => Array<Trouble>(amount).fill(trouble);

/** Kills the server ten times, with all other faults in between. */
export const fullPlan = (seed: number): Plan => ({
  seed,
  clients: 50,
  rooms: 4,
  troubles: [
    ...times(8, "server killed"),
    ...times(2, "power cut"),
    ...times(3, "database restarted"),
    ...times(3, "database ended at once"),
    ...times(4, "lines half-open"),
    ...times(4, "lines cut"),
    ...times(4, "net gone"),
  ],
  acksBetween: 300,
  pauseMs: 250,
});

/** A short run for every `npm test`. */
export const shortPlan = (seed: number): Plan => ({
  seed,
  clients: 50,
  rooms: 4,
  troubles: ["server killed", "power cut", "database ended at once", "lines half-open", "lines cut", "net gone"],
  acksBetween: 100,
  pauseMs: 250,
});
