import { messageTextOf } from "../../../services/automod/rules/message-text.ts";
import { createRuleSet } from "../../../services/automod/rules/rule-set.ts";
import { generators } from "../../support/texts/growth.ts";
import { twoHundredRules } from "../../support/texts/many-rules.ts";
import { median } from "../figures.ts";
import { nameOf, runOnOurs } from "../measure-shape.ts";
import { type Bench, bold, type Row, type Section, whole } from "../part.ts";
import { type Database, openRooms, startOurs, tokenSource } from "../servers.ts";
import { shapes } from "./shapes.ts";

const TEXTS = 10_000;
const SHORTEST = 8;
const LONGEST = 4_000;
const MEAN_AIM_MS = 0.2;
const MAX_AIM_MS = 5;
const SHAPE_AIM = 0.95;

/** The rules are cached for at most a second. */
const RELOAD_MS = 1_500;

/** Yields texts that are made to be slow, with lengths from 8 to 4,000 UTF-16 units on a logarithmic scale. */
function* slowTexts(): Generator<string> {
  for (let count = 0; count < TEXTS; count += 1) {
    const generator = generators[count % generators.length];
    const part = (Math.floor(count / generators.length) % 100) / 99;
    yield generator?.text(Math.round(SHORTEST * (LONGEST / SHORTEST) ** part)) ?? "";
  }
}

/** The fastest of several runs counts, because other processes interrupt some. */
const RUNS = 3;

/** Measures what 200 rules take for each of 10,000 texts. */
function measureTexts({ say }: Bench): Row[] {
  const rules = createRuleSet(twoHundredRules());
  const check = (text: string): number => {
    const startedAt = performance.now();
    rules.matching(messageTextOf(text, 0));
    return performance.now() - startedAt;
  };
  const fastest = (text: string): number => Math.min(...Array.from({ length: RUNS }, () => check(text)));
  for (const text of slowTexts()) check(text);
  const taken = [...slowTexts()].map(fastest);
  const mean = taken.reduce((sum, ms) => sum + ms, 0) / taken.length;
  const longest = taken.reduce((a, b) => Math.max(a, b), 0);
  say(`  200 rules on ${TEXTS} texts: mean ${mean.toFixed(3)} ms, maximum ${longest.toFixed(2)} ms`);
  const row = (what: string, ms: number, aim: number): Row => ({
    what: `200 rules on ${whole(TEXTS)} texts of 8 to ${whole(LONGEST)} characters made to be slow, ${what}`,
    ours: `${ms.toFixed(3)} ms`,
    beside: "–",
    ratio: "–",
    aim: `< ${aim} ms`,
  });
  return [row("mean", mean, MEAN_AIM_MS), row("longest", longest, MAX_AIM_MS)];
}

const INSERT = `
  INSERT INTO automod_rules (id, kind, pattern, threshold, scope_kind, outcome, exempt_roles)
  SELECT gen_random_uuid(), kind::rule_kind, pattern, threshold, 'site', 'block', '{}'
  FROM unnest($1::text[], $2::text[], $3::int[]) AS r(kind, pattern, threshold)`;

async function insertRules({ pool }: Database): Promise<void> {
  const rules = twoHundredRules();
  await pool.query(INSERT, [rules.map(({ kind }) => kind), rules.map(({ pattern }) => pattern), rules.map(({ threshold }) => threshold)]);
}

async function setEnabled({ pool }: Database, isEnabled: boolean): Promise<void> {
  await pool.query("UPDATE automod_rules SET is_enabled = $1, version = version + 1", [isEnabled]);
  await new Promise((resolve) => setTimeout(resolve, RELOAD_MS));
}

/** Measures the shapes of part (a) with and without 200 rules, in alternation on one server. */
async function measureRates(bench: Bench): Promise<Pick<Section, "rows" | "discarded">> {
  const { database, windows, say } = bench;
  const server = await startOurs(database);
  const target = { server, database, roomIds: await openRooms(database), tokensOf: tokenSource(server.port) };
  await insertRules(database);
  const rows: Row[] = [];
  const discarded: string[] = [];
  for (const { aim: _aim, ...shape } of shapes) {
    const rates = { with: [] as number[], without: [] as number[] };
    for (let turn = 0; turn < 2 * windows.rounds; turn += 1) {
      const side = (turn + Math.floor(turn / 2)) % 2 === 0 ? "without" : "with";
      await setEnabled(database, side === "with");
      const { rate, faults } = await runOnOurs(bench, target, shape);
      say(`  ${nameOf(shape)} ${side} 200 rules: ${Math.round(rate)} a second${faults.length > 0 ? ", FAILED" : ""}`);
      if (faults.length === 0) rates[side].push(rate);
      else discarded.push(`${nameOf(shape)}, ${side} rules: ${faults[0]}`);
    }
    const [ours, beside] = [median(rates.with), median(rates.without)];
    rows.push({
      what: `${nameOf(shape)} with 200 active rules`,
      ours: `${whole(ours)}/s`,
      beside: `${whole(beside)}/s (without rules)`,
      ratio: bold(ours / beside),
      aim: `≥ ${SHAPE_AIM}`,
    });
  }
  await server.stop();
  await database.pool.query("DELETE FROM automod_rules");
  return { rows, discarded };
}

/** Measures automatic rules: on texts made to be slow, and on the rates of messages. */
export async function measureRules(bench: Bench): Promise<Section> {
  const texts = measureTexts(bench);
  const { rows = [], discarded = [] } = await measureRates(bench);
  return { rows: [...texts, ...rows], discarded };
}
