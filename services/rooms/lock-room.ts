import type pg from "pg";
import type { Prisma } from "../../prisma/generated/client.ts";

/** A transaction of either driver. */
type Transaction = Prisma.TransactionClient | pg.PoolClient;

type LockedRoom = { readonly id: string; readonly lastSeq: number };

const lockWith = (strength: "NO KEY UPDATE" | "UPDATE"): string =>
  `SELECT id, last_seq::float8 AS "lastSeq" FROM rooms WHERE id = ANY($1::uuid[]) ORDER BY id FOR ${strength}`;

const LOCK = lockWith("NO KEY UPDATE");

/** Locks as strongly as a change of a unique column does, which would otherwise wait for the stronger lock while it holds the weaker one. */
const LOCK_FOR_KEYS = lockWith("UPDATE");

/**
 * Locks rooms until the end of the transaction, in id order as the message writer does, so that no two transactions wait for each other.
 * Take this lock before any lock on member rows. Statements that follow see everything numbered before the lock. `changesKeys`: the
 * transaction changes the keys of direct conversations.
 * @returns the rooms that exist, with the last number each has assigned
 */
export async function lockRooms(tx: Transaction, roomIds: readonly string[], { changesKeys = false } = {}): Promise<readonly LockedRoom[]> {
  const statement = changesKeys ? LOCK_FOR_KEYS : LOCK;
  if ("query" in tx) return (await tx.query<LockedRoom>(statement, [roomIds])).rows;
  return tx.$queryRawUnsafe<LockedRoom[]>(statement, roomIds);
}

/** Locks one room as `lockRooms` does. Returns its last number, or null if there is no such room. */
export async function lockRoom(tx: Transaction, roomId: string): Promise<number | null> {
  const [room] = await lockRooms(tx, [roomId]);
  return room?.lastSeq ?? null;
}
