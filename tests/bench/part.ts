import type { Latency } from "./figures.ts";
import type { Database } from "./servers.ts";

export type Windows = { warmUpMs: number; measureMs: number; rounds: number };

/** One run of the benchmark, as every part receives it. */
export type Bench = {
  database: Database;
  windows: Windows;
  /** A rough run of all parts in a few minutes. */
  isQuick: boolean;
  /** Messages in the database of the parts that depend on its size. */
  rows: number;
  say: (line: string) => void;
};

/** A figure of ours and its control of the same run; `ratio` is in bold if a target depends on it. */
export type Row = { what: string; ours: string; beside: string; ratio: string; aim: string };

/** The result of a part, as the report shows it. */
export type Section = {
  /** A separate Markdown table above the others. */
  table?: string;
  rows?: readonly Row[];
  /** Runs that failed their own check and were discarded. */
  discarded?: readonly string[];
  /** Shares of a core that the clients used. */
  clientLoads?: readonly number[];
};

export type Part = { letter: string; title: string; measure: (bench: Bench) => Promise<Section> };

export const whole = (value: number): string => (Number.isNaN(value) ? "no valid run" : Math.round(value).toLocaleString("en"));

export const ms = ({ p50, p99 }: Latency, digits = 0): string =>
  Number.isNaN(p50) ? "–" : `${p50.toFixed(digits)} / ${p99.toFixed(digits)}`;

export const times = (ratio: number): string => (Number.isNaN(ratio) ? "–" : `${ratio.toFixed(2)} ×`);

/** Formats a ratio that a target depends on. */
export const bold = (ratio: number): string => `**${times(ratio)}**`;

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
