import type { HeldMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { Ctx } from "../context.ts";
import { COLUMNS, JOINED, type MessageRow, presentHeld } from "./present.ts";

const OWN_MESSAGES = `SELECT ${COLUMNS} FROM ${JOINED} WHERE m.seq IS NULL AND m.author_id = $1 AND m.room_id = $2 ORDER BY m.id`;

/** Returns the actor's own messages in a room that wait for review, or were rejected there. */
export async function ownHeldMessages({ pool, actor }: Pick<Ctx, "pool" | "actor">, roomId: string): Promise<HeldMessageDto[]> {
  const { rows } = await pool.query<MessageRow>({ name: "held-messages-of-author", text: OWN_MESSAGES, values: [actor.id, roomId] });
  return rows.map(presentHeld);
}
