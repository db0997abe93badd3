import type pg from "pg";
import type { Logger } from "winston";
import { RULE_COLUMNS, type RuleRow, toRule } from "./rule-rows.ts";
import { createRuleSet, type RuleSet } from "./rule-set.ts";

/** How long the rules are used without reading them again, and how old they may be at most, in ms. */
const FRESH_MS = 500;
const MAX_AGE_MS = 1_000;

/** More enabled rules than this cannot be created; a bound for what is read. */
export const MAX_ENABLED = 500;

type Place = { readonly id: string; readonly lounge: { readonly id: string } | null };

/** All enabled rules. */
export type RuleBook = {
  /** Returns the rules that apply in a room: those of the site, its lounge and the room. */
  rulesIn(room: Place): readonly RuleSet[];
};

type RuleCache = {
  /** Returns the enabled rules, at most a second old: at once if they are known. */
  current(): RuleBook | Promise<RuleBook>;
  /** Makes the next `current` read the rules again. */
  invalidate(): void;
};

/** Changes when a rule is enabled, changed or disabled. */
const VERSIONS = `SELECT md5(string_agg(id || ' ' || version, ' ' ORDER BY id)) AS signature FROM automod_rules WHERE is_enabled`;

const ENABLED = `SELECT ${RULE_COLUMNS} FROM automod_rules r WHERE r.is_enabled ORDER BY r.created_at, r.id LIMIT ${MAX_ENABLED}`;

const NONE: readonly RuleSet[] = [];

function bookOf(rows: readonly RuleRow[]): RuleBook {
  if (rows.length === 0) return { rulesIn: () => NONE };
  const byScope = new Map<string, RuleRow[]>();
  for (const row of rows) {
    const key = row.scope_id ?? "site";
    byScope.set(key, [...(byScope.get(key) ?? []), row]);
  }
  const sets = new Map([...byScope].map(([key, list]) => [key, createRuleSet(list.map(toRule))]));
  return {
    rulesIn: ({ id, lounge }) => ["site", lounge?.id ?? "", id].flatMap((key) => sets.get(key) ?? []),
  };
}

/** The rules as they were read at a time of `performance.now()`. */
type Reading = { readonly book: RuleBook; readonly signature: string | null; readonly startedAt: number };

/** Reads the enabled rules. They are compiled only if one of them has changed. */
async function read(pool: pg.Pool, before: Reading | null): Promise<Reading> {
  const startedAt = performance.now();
  const { rows } = await pool.query<{ signature: string | null }>({ name: "automod-versions", text: VERSIONS });
  const signature = rows[0]?.signature ?? null;
  if (before !== null && before.signature === signature) return { ...before, startedAt };
  const enabled = signature === null ? [] : (await pool.query<RuleRow>({ name: "automod-enabled", text: ENABLED })).rows;
  return { book: bookOf(enabled), signature, startedAt };
}

/** Creates the cache of one node. */
export function createRuleCache({ pool, logger }: { readonly pool: pg.Pool; readonly logger: Logger }): RuleCache {
  let known: Reading | null = null;
  let isValid = false;
  let reading: Promise<Reading> | null = null;

  /** Starts a reading, or joins the one in progress unless the rules were changed since it began. */
  function renew(): Promise<RuleBook> {
    if (reading === null) {
      const started = read(pool, known);
      const finish = (): boolean => {
        const isCurrent = reading === started;
        if (isCurrent) reading = null;
        return isCurrent;
      };
      reading = started;
      started.then(
        (found) => {
          if (!finish()) return;
          known = found;
          isValid = true;
        },
        () => finish(),
      );
    }
    return reading.then(({ book }) => book);
  }

  return {
    current() {
      if (known === null || !isValid) return renew();
      const age = performance.now() - known.startedAt;
      if (age > MAX_AGE_MS) return renew();
      if (age > FRESH_MS) renew().catch((error: unknown) => logger.debug("could not renew the automatic rules", { error }));
      return known.book;
    },
    invalidate() {
      isValid = false;
      reading = null;
    },
  };
}
