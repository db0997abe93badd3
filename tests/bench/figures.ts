/** Returns the median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Returns the value that `share` of all values do not exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export type Latency = { p50: number; p99: number };

export const latencyOf = (values: readonly number[]): Latency => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });

/** Returns the median of each figure over several runs. */
export const medianLatency = (runs: readonly Latency[]): Latency => ({
  p50: median(runs.map((run) => run.p50)),
  p99: median(runs.map((run) => run.p99)),
});

/**
 * Returns how a cost grows with a size: the exponent of the power law through the points (least squares of the logarithms). 0 means that
 * the size does not matter, 1 that twice the size costs twice as much.
 */
export function growthOf(points: readonly { size: number; cost: number }[]): number {
  const logs = points.map(({ size, cost }) => ({ x: Math.log(size), y: Math.log(cost) }));
  const mean = { x: sum(logs.map(({ x }) => x)) / logs.length, y: sum(logs.map(({ y }) => y)) / logs.length };
  return sum(logs.map(({ x, y }) => (x - mean.x) * (y - mean.y))) / sum(logs.map(({ x }) => (x - mean.x) ** 2));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
