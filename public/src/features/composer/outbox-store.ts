import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { OutboxStore, PendingMessage } from "../../../../utils/client/sending/pending-message.ts";
import { owner } from "../../storage.ts";

export type { PendingMessage } from "../../../../utils/client/sending/pending-message.ts";

interface Shape extends DBSchema {
  outbox: { key: string; value: PendingMessage };
}

let opening: Promise<IDBPDatabase<Shape> | null> | null = null;

const database = (): Promise<IDBPDatabase<Shape> | null> => {
  opening ??= openDB<Shape>("chatroom", 1, { upgrade: (db) => void db.createObjectStore("outbox", { keyPath: "clientMessageId" }) }).catch(
    () => null,
  );
  return opening;
};

/** Persists the current user's unsent messages across reloads. Empty if the browser has no storage. */
export const browserStore: OutboxStore = {
  async stored() {
    const all = (await (await database())?.getAll("outbox").catch(() => [])) ?? [];
    return all.sort((a, b) => a.createdAt - b.createdAt);
  },
  async store(message) {
    const db = await database();
    // A message must not be stored after its author's session has ended and their messages were deleted.
    if (message.userId === owner.peek()) await db?.put("outbox", message).catch(() => undefined);
  },
  async remove(clientMessageId) {
    await (await database())?.delete("outbox", clientMessageId).catch(() => undefined);
  },
};

/** Deletes the unsent messages of everyone except the current user. */
export async function deleteOthersOutbox(): Promise<void> {
  for (const { userId, clientMessageId } of await browserStore.stored())
    if (userId !== owner.peek()) await browserStore.remove(clientMessageId);
}
