import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RestrictionDto } from "../../../utils/contract/auth.ts";
import type { Failure } from "../api.ts";

/** A message on its way: the same `clientMessageId` until it has arrived or was withdrawn. */
export type Outgoing = {
  readonly clientMessageId: string;
  readonly roomId: string;
  readonly userId: string;
  readonly text: string;
  /** Milliseconds since 1970; also the order of sending. */
  readonly createdAt: number;
  readonly state: "queued" | "sending" | "waiting" | "failed";
  readonly retryAt?: number;
  readonly failure?: Failure;
  /** Until when and why its author may not be heard, if that is the reason. */
  readonly restriction?: RestrictionDto;
};

interface Shape extends DBSchema {
  outbox: { key: string; value: Outgoing };
}

let opening: Promise<IDBPDatabase<Shape> | null> | null = null;

const database = (): Promise<IDBPDatabase<Shape> | null> => {
  opening ??= openDB<Shape>("chatroom", 1, { upgrade: (db) => void db.createObjectStore("outbox", { keyPath: "clientMessageId" }) }).catch(
    () => null,
  );
  return opening;
};

/** What was not sent yet, in its order. Empty where the browser keeps nothing. */
export async function storedOutbox(): Promise<Outgoing[]> {
  const all = (await (await database())?.getAll("outbox").catch(() => [])) ?? [];
  return all.sort((a, b) => a.createdAt - b.createdAt);
}

export async function storeOutgoing(message: Outgoing): Promise<void> {
  await (await database())?.put("outbox", message).catch(() => undefined);
}

export async function unstoreOutgoing(clientMessageId: string): Promise<void> {
  await (await database())?.delete("outbox", clientMessageId).catch(() => undefined);
}
