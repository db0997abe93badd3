import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";

type Statement = { readonly name?: string; readonly text: string; readonly values?: unknown[] };

/** Counts and blocks the named statements of a pool. */
export type Queries = {
  /** Returns the values of every statement of that name since `forget`. */
  of(name: string): readonly (readonly unknown[])[];
  forget(): void;
  /** Returns how many blocked statements have a connection and wait for `release`. */
  held(): number;
  /** Returns the highest number of blocked statements that had a connection at once. */
  mostHeld(): number;
  /** From now on each statement of that name takes a connection of the pool and keeps it without being sent, until `release`. */
  hold(name: string): void;
  release(): void;
  /** Resolves when at least `count` statements are blocked. */
  untilHeld(count: number): Promise<void>;
};

/** Watches a pool for its whole lifetime. */
export function watchQueries(pool: pg.Pool): Queries {
  let asked: Statement[] = [];
  let heldName: string | null = null;
  let held = 0;
  let mostHeld = 0;
  let release = (): void => undefined;
  let released = Promise.resolve();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<unknown>;

  async function queryHeld(args: unknown[]): Promise<unknown> {
    const client = await pool.connect();
    held += 1;
    mostHeld = Math.max(mostHeld, held);
    try {
      await released;
      return await (client.query as (...args: unknown[]) => Promise<unknown>)(...args);
    } finally {
      held -= 1;
      client.release();
    }
  }

  function watched(...args: unknown[]): Promise<unknown> {
    const statement = args[0] as Statement | string;
    if (typeof statement !== "object" || statement.name === undefined) return query(...args);
    asked.push(statement);
    return statement.name === heldName ? queryHeld(args) : query(...args);
  }

  Object.assign(pool, { query: watched });
  return {
    of: (name) => asked.filter((statement) => statement.name === name).map(({ values = [] }) => values),
    forget() {
      asked = [];
    },
    held: () => held,
    mostHeld: () => mostHeld,
    hold(name) {
      heldName = name;
      mostHeld = 0;
      released = new Promise((resolve) => {
        release = resolve;
      });
    },
    release() {
      heldName = null;
      release();
    },
    async untilHeld(count) {
      while (held < count) await pause(2);
    },
  };
}
