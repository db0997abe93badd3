import type pg from "pg";

const rollBack = async (client: pg.PoolClient): Promise<boolean> => {
  try {
    await client.query("ROLLBACK");
    return true;
  } catch {
    return false;
  }
};

/** After an error that `work` swallowed PostgreSQL answers COMMIT with a rollback, and without an error. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query("COMMIT");
  if (command !== "COMMIT") throw new Error("The transaction was rolled back: one of its statements had failed.");
}

/**
 * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it throws.
 * When `COMMIT` itself fails it is unknown whether the work was kept; the error says so by being thrown.
 */
export async function inTransaction<Result>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  let isUsable = true;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await commit(client);
    return result;
  } catch (error) {
    isUsable = await rollBack(client);
    throw error;
  } finally {
    client.release(!isUsable);
  }
}
