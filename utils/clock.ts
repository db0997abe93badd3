/** Returns the current time. Tests replace it to control time. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** One day in milliseconds. */
export const DAY_MS = 86_400_000;
