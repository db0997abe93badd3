import "uplot/dist/uPlot.min.css";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { locale, number } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { settings } from "../../../shared/state/settings.ts";

type Line = { readonly name: string; readonly values: readonly number[] };
type ChartProps = {
  /** What the chart shows, for screen readers. */
  label: string;
  /** The days, in UTC, as `2026-11-21`. */
  days: readonly string[];
  lines: readonly Line[];
};

const HEIGHT = 240;

/** Lines differ by color and by dashes, so that they can be told apart without colors. */
const looks = [
  { color: "--accent", dash: [] },
  { color: "--color-warning", dash: [8, 4] },
  { color: "--color-error", dash: [2, 4] },
] as const;

/** Returns a color of the theme in a form that a canvas understands. */
function colorOf(box: HTMLElement, name: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  box.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function optionsOf(box: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const ink = colorOf(box, "--muted");
  const rule = colorOf(box, "--color-base-300");
  const dayName = new Intl.DateTimeFormat(locale.peek(), { day: "numeric", month: "short", timeZone: "UTC" });
  const font = `12px ${getComputedStyle(box).fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 } };
  return {
    width: box.clientWidth,
    height: HEIGHT,
    // A pointer reads values; a touch scrolls the page.
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
    scales: { x: { time: true }, y: { range: (_chart, _min, max) => [0, Math.max(4, Math.ceil(max * 1.1))] } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "Etc/UTC"),
    axes: [
      { ...axis, values: (_chart, splits) => splits.map((at) => dayName.format(at * 1_000)), space: 64 },
      { ...axis, values: (_chart, splits) => splits.map((value) => (Number.isInteger(value) ? number(value) : "")), size: 48 },
    ],
    series: [
      { value: (_chart, at) => (at === null ? "–" : dayName.format(at * 1_000)), label: tc("modDay") },
      ...lines.map(({ name }, at): uPlot.Series => {
        const { color, dash } = looks[at % looks.length] ?? looks[0];
        return {
          label: name,
          stroke: colorOf(box, color),
          width: 2,
          dash: [...dash],
          points: { show: lines[0] !== undefined && lines[0].values.length <= 31, size: 5 },
          value: (_chart, value) => (value === null ? "–" : number(value)),
        };
      }),
    ],
  };
}

/** Draws lines per day. The picture has a label; a table beside it has its numbers. */
export function Chart({ label, days, lines }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const key = `${locale.value} ${settings.value.theme} ${JSON.stringify([days, lines])}`;
  useEffect(() => {
    const frame = box.current;
    if (!frame) return undefined;
    const at = days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1_000);
    const chart = new uPlot(optionsOf(frame, lines), [at, ...lines.map(({ values }) => [...values])], frame);
    const resized = new ResizeObserver(() => chart.setSize({ width: frame.clientWidth, height: HEIGHT }));
    resized.observe(frame);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
  }, [key]);
  return <div ref={box} class="mod-chart" role="img" aria-label={label} dir="ltr" />;
}
