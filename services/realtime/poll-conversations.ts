import { toArrayLiteral } from "../../prisma/pg-array.ts";
import type { Services } from "../context.ts";
import { userOfChannel } from "./channels.ts";
import type { ChatServer } from "./io.ts";

/** The recently changed conversations of users with a connection to this node. */
const CHANGED = `
  SELECT r.id, r.last_seq, r.changed_at FROM rooms r
  WHERE r.kind <> 'language' AND r.changed_at > now() - interval '10 s'
    AND EXISTS (SELECT FROM room_members m WHERE m.room_id = r.id AND m.user_id = ANY($1::uuid[]))`;

type Row = { id: string; last_seq: number; changed_at: Date };

/**
 * Creates a poller for conversations that another node changed, or that were not published: a conversation has no room here whose number
 * could be behind, until it is published for the first time. It must be found in two consecutive polls, so that changes that are just
 * being published are skipped.
 */
export function createConversationPoller(
  io: ChatServer,
  services: Pick<Services, "reservedPool" | "conversationNotifier" | "roomBroadcaster">,
): () => Promise<void> {
  let suspects = new Map<string, number>();

  async function check({ id, last_seq: head, changed_at }: Row): Promise<void> {
    const isSuspect = suspects.get(id) === changed_at.getTime();
    if (!isSuspect) return;
    if (!services.roomBroadcaster.heads().has(id)) await services.roomBroadcaster.broadcastLatest(id, head);
    if (services.conversationNotifier.lastNotifiedAt(id) !== changed_at.getTime()) services.conversationNotifier.notifyChanged(id);
  }

  return async () => {
    services.roomBroadcaster.evictIdle();
    const here = [...io.of("/").adapter.rooms.keys()].flatMap((channel) => userOfChannel(channel) ?? []);
    if (here.length === 0) return;
    const { rows } = await services.reservedPool.query<Row>({
      name: "conversations-changed",
      text: CHANGED,
      values: [toArrayLiteral(here)],
    });
    await Promise.all(rows.map(check));
    suspects = new Map(rows.map(({ id, changed_at }) => [id, changed_at.getTime()]));
  };
}
