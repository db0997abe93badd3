import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { findEmbedded } from "../../prisma/embedded.ts";
import { makeGuests } from "../bench/load/guests.ts";
import type { FaultNode } from "./fault-node.ts";
import { openRooms } from "./witness.ts";

const SENDERS = 4;

/** Users who send messages over REST and record which were acknowledged. */
export type Load = {
  /** The `clientMessageId` of every acknowledged message. */
  readonly acknowledged: Set<string>;
  begin(): void;
  end(): Promise<void>;
  /** Waits for this many more acknowledgements. */
  more(amount: number): Promise<void>;
};

async function databaseOf({ dataDir }: FaultNode): Promise<string> {
  const url = await findEmbedded(dataDir);
  if (url === null) throw new Error("the database does not run");
  return url;
}

/** Creates the senders. The node must be ready; their tokens stay valid when it is restarted. */
export async function makeLoad(node: FaultNode): Promise<Load> {
  const tokens = await makeGuests(node.port, SENDERS);
  const [roomId] = await openRooms(await databaseOf(node), 1);
  const acknowledged = new Set<string>();
  let isOn = false;
  let senders: Promise<void>[] = [];

  async function send(token: string): Promise<void> {
    const clientMessageId = randomUUID();
    const answer = await fetch(`http://127.0.0.1:${node.port}/api/chatroom/rooms/${roomId}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ clientMessageId, text: `under load ${clientMessageId}` }),
      signal: AbortSignal.timeout(6_000),
    }).catch(() => null);
    if (answer?.status === 201) acknowledged.add(clientMessageId);
    else await pause(50);
  }
  const sender = async (token: string): Promise<void> => {
    while (isOn) await send(token);
  };

  return {
    acknowledged,
    begin() {
      isOn = true;
      senders = tokens.map(sender);
    },
    async end() {
      isOn = false;
      await Promise.all(senders);
    },
    async more(amount) {
      const goal = acknowledged.size + amount;
      for (const end = performance.now() + 30_000; acknowledged.size < goal; await pause(10))
        if (performance.now() > end) throw new Error("nothing is acknowledged");
    },
  };
}

/** Returns the acknowledged messages that are missing from the database or stored more than once. */
export async function findLost(node: FaultNode, { acknowledged }: Load): Promise<string[]> {
  const client = new pg.Client({ connectionString: await databaseOf(node) });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string; copies: number }>(
      "SELECT client_message_id AS id, count(*)::int AS copies FROM messages GROUP BY 1",
    );
    const stored = new Map(rows.map(({ id, copies }) => [id, copies]));
    return [...acknowledged].filter((id) => stored.get(id) !== 1);
  } finally {
    await client.end();
  }
}
