import type pg from "pg";
import type { Logger } from "winston";

/** How often the counts are written, in ms. */
const FLUSH_MS = 1_000;

const ADD = `
  UPDATE automod_rules r SET hits = r.hits + c.hits FROM unnest($1::uuid[], $2::int[]) AS c(id, hits) WHERE r.id = c.id`;

/** Counts how many messages rules have matched. The counts are written together, apart from the messages. */
export type RuleHits = {
  add(ruleId: string): void;
  /** Writes what was counted so far. Never fails: counts that cannot be written are lost. */
  flush(): Promise<void>;
};

/** Creates the counter of one node. It holds one number per rule. */
export function createRuleHits({ pool, logger }: { readonly pool: pg.Pool; readonly logger: Logger }): RuleHits {
  let counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    // One order on all nodes, so that two of them never wait for each other.
    const written = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    counts = new Map();
    if (written.length === 0) return;
    try {
      await pool.query(ADD, [written.map(([id]) => id), written.map(([, hits]) => hits)]);
    } catch (error) {
      logger.warn("could not write the hits of automatic rules", { error });
    }
  }

  return {
    add(ruleId) {
      counts.set(ruleId, (counts.get(ruleId) ?? 0) + 1);
      timer ??= setTimeout(() => void flush(), FLUSH_MS).unref();
    },
    flush,
  };
}
