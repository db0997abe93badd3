import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { OutboxStore, Outgoing } from "../../../utils/client/outgoing.ts";

export type { Outgoing } from "../../../utils/client/outgoing.ts";

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

/** What was not sent yet, over a reload. Empty where the browser keeps nothing. */
export const browserStore: OutboxStore = {
  async stored() {
    const all = (await (await database())?.getAll("outbox").catch(() => [])) ?? [];
    return all.sort((a, b) => a.createdAt - b.createdAt);
  },
  async store(message) {
    await (await database())?.put("outbox", message).catch(() => undefined);
  },
  async unstore(clientMessageId) {
    await (await database())?.delete("outbox", clientMessageId).catch(() => undefined);
  },
};
