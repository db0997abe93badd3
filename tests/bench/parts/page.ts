import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import type { Browser } from "playwright-core";
import { roomIdOf } from "../../e2e/room-record.ts";
import { writer } from "../../e2e/socket-writer.ts";
import { launchBrowser } from "../../support/browser.ts";
import { createRest } from "../../support/client.ts";
import { type RunningServer, startServer } from "../../support/server.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";
import { median, percentile } from "../figures.ts";
import { subjectOf } from "../load/guests.ts";
import { type Loading, measureFrames, measureInteraction, measureLoading, openViewer, type Viewer } from "../load/page-probe.ts";
import { type Bench, bold, type Row, type Section } from "../part.ts";

const FULL = { path: "/l/town-square/en", name: "English", messages: 2_600 };
const SMALL = { path: "/l/town-square/es", name: "Español", messages: 20 };
type Place = typeof FULL;

/** A mid-tier phone, by the convention of Lighthouse. */
const SLOWDOWN = 4;
const WRITERS = 5;
const MESSAGES_A_SECOND = 50;
const TALK_MS = 6_000;

/** The durations of one journey of a guest through a room, in ms. */
type Journey = { loading: Loading; send: number; switcher: number; roomSwitch: number; frames: number[] };

type Stage = { server: RunningServer; browser: Browser; round: number };

async function fill({ server }: Stage, { path, messages }: Place): Promise<void> {
  const pool = new pg.Pool({ connectionString: await server.databaseUrl(), max: 1 });
  const authors = await Promise.all(Array.from({ length: 8 }, (_, n) => createRest(server.url).guest(`${path.slice(-2)} author ${n}`)));
  const authorIds = authors.map(({ accessToken }) => subjectOf(accessToken));
  await fillRoom(pool, { roomId: await roomIdOf(server.url, path), authorIds, amount: messages });
  await pool.end();
}

async function join({ server, browser, round }: Stage, { path }: Place): Promise<Viewer> {
  const viewer = await openViewer(browser, server.url);
  const { page } = viewer;
  await page.goto(path);
  await page.locator("#guest-name").fill(`Reader ${path.slice(-2)} ${round}`);
  await page.locator(".join-button").click();
  await page.locator(".composer-field").waitFor();
  return viewer;
}

/** Scrolls back until hundreds of messages have been loaded, or the beginning is reached. */
async function scrollUp({ page }: Viewer): Promise<void> {
  await page.locator(".log").hover();
  for (let step = 0; step < 12; step += 1) {
    await page.mouse.wheel(0, -2_000);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  }
}

async function send(viewer: Viewer, text: string): Promise<number> {
  const { page } = viewer;
  await scrollUp(viewer);
  await page.locator(".composer-field").fill(text);
  const sent = `.message:not(.message-pending) .message-text:text-is("${text}")`;
  return measureInteraction(viewer, () => page.keyboard.press("Enter"), sent);
}

async function listen({ server }: Stage, viewer: Viewer, { path }: Place): Promise<number[]> {
  const roomId = await roomIdOf(server.url, path);
  const names = Array.from({ length: WRITERS }, (_, n) => `Writer ${n} ${Math.random().toString(36).slice(2, 8)}`);
  const writers = await Promise.all(names.map((name) => writer(server.url, name, roomId)));
  const frames = await measureFrames(viewer, async () => {
    const said: Promise<unknown>[] = [];
    const startedAt = performance.now();
    for (let n = 0; performance.now() - startedAt < TALK_MS; n += 1) {
      const one = writers[n % WRITERS];
      if (one) said.push(one.say(`A sentence as people write them, number ${n}, with **some** words more.`));
      await pause(startedAt + ((n + 1) * 1_000) / MESSAGES_A_SECOND - performance.now());
    }
    await Promise.all(said);
  });
  for (const one of writers) one.leave();
  return frames;
}

async function travel(stage: Stage, place: Place): Promise<Journey> {
  const viewer = await join(stage, place);
  const { page } = viewer;
  await viewer.slow(SLOWDOWN);
  const loading = await measureLoading(viewer, place.path, ".log .message");
  const frames = await listen(stage, viewer, place);
  const switcher = await measureInteraction(viewer, () => page.keyboard.press("Control+k"), ".switcher-field");
  await page.keyboard.press("Escape");
  const elsewhere = `main.room h1:not(:has-text("${place.name}"))`;
  const roomSwitch = await measureInteraction(viewer, () => page.keyboard.press("Alt+ArrowDown"), elsewhere);
  await viewer.slow(1);
  await page.goto(place.path);
  await page.locator(".log .message").first().waitFor();
  const sent = await send(viewer, `from far up ${stage.round}`);
  await viewer.context.close();
  return { loading, frames, switcher, roomSwitch, send: sent };
}

const figures: readonly { what: string; of: (journey: Journey) => number; unit: string; aim: string }[] = [
  {
    what: "Opening the room, 4 × slower processor: largest contentful paint",
    of: ({ loading }) => loading.largestPaint,
    unit: "ms",
    aim: "< 2,500 ms",
  },
  { what: "… total blocking time", of: ({ loading }) => loading.blocking, unit: "ms", aim: "< 300 ms" },
  { what: "… cumulative layout shift", of: ({ loading }) => loading.shift, unit: "", aim: "0" },
  { what: "… scripts on the wire", of: ({ loading }) => loading.scripts.bytes / 1_000, unit: "kB", aim: "≤ 110 kB" },
  { what: "… script files", of: ({ loading }) => loading.scripts.files, unit: "", aim: "≤ 12" },
  { what: "Enter while scrolled far up", of: ({ send }) => send, unit: "ms", aim: "< 100 ms" },
  { what: "Ctrl+K, 4 × slower", of: ({ switcher }) => switcher, unit: "ms", aim: "< 200 ms" },
  { what: "To another room, 4 × slower", of: ({ roomSwitch }) => roomSwitch, unit: "ms", aim: "< 200 ms" },
  { what: "50 messages a second, 4 × slower: longest frame", of: ({ frames }) => Math.max(...frames), unit: "ms", aim: "≤ 100 ms" },
  { what: "… frames, p95", of: ({ frames }) => percentile(frames, 0.95), unit: "ms", aim: "" },
];

const written = (value: number, unit: string): string =>
  `${value.toFixed(unit === "" ? 3 : 0).replace(/\.?0+$/, (end) => (unit === "" ? "" : end))} ${unit}`.trim();

function rowsOf(full: readonly Journey[], small: readonly Journey[]): Row[] {
  return figures.map(({ what, of, unit, aim }) => {
    const ours = median(full.map(of));
    const beside = median(small.map(of));
    return {
      what,
      ours: written(ours, unit),
      beside: `${written(beside, unit)} (a room of ${SMALL.messages})`,
      ratio: bold(ours / beside),
      aim,
    };
  });
}

/** Measures the page in Chromium: a room of 2,600 messages and one of 20. */
export async function measurePage(bench: Bench): Promise<Section> {
  const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
  const full: Journey[] = [];
  const small: Journey[] = [];
  try {
    for (const place of [FULL, SMALL]) await fill({ server, browser, round: 0 }, place);
    for (let round = 0; round < bench.windows.rounds; round += 1)
      for (const [place, journeys] of [
        [SMALL, small],
        [FULL, full],
      ] as const) {
        const journey = await travel({ server, browser, round }, place);
        journeys.push(journey);
        bench.say(`  ${place.messages} messages: ${figures.map(({ of, unit }) => written(of(journey), unit)).join(", ")}`);
      }
    return { rows: rowsOf(full, small) };
  } finally {
    await browser.close();
    await server.remove();
  }
}
