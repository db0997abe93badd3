import type { LiveMessageDto, SentMessageDto } from "../../utils/contract/messages.ts";
import type { Draft } from "./commit.ts";

/** A draft that waits to be committed, and who waits for it. */
export type Waiting = {
  readonly draft: Draft;
  readonly resolve: (message: SentMessageDto) => void;
  readonly reject: (error: unknown) => void;
};

/** What makes two drafts one message. */
export const keyOf = (draft: Draft): string => `${draft.author.id}:${draft.clientMessageId}`;

/** The same key twice in one batch: the first is written, the second waits for its answer. */
export function firstOfEach(waiting: readonly Waiting[]): { firsts: Waiting[]; repeats: Waiting[] } {
  const seen = new Set<string>();
  const firsts: Waiting[] = [];
  const repeats: Waiting[] = [];
  for (const item of waiting) {
    const key = keyOf(item.draft);
    (seen.has(key) ? repeats : firsts).push(item);
    seen.add(key);
  }
  return { firsts, repeats };
}

/** A message as it was committed, and who is to be told so. */
type Committed = { readonly message: LiveMessageDto; readonly resolve: Waiting["resolve"] };

/** The messages that drafts became, by room and in the order in which they waited; `left` are those that became none. */
export function byRoom(
  waiting: readonly Waiting[],
  messageOf: (draft: Draft) => LiveMessageDto | undefined,
): { rooms: Map<string, Committed[]>; left: Waiting[] } {
  const rooms = new Map<string, Committed[]>();
  const left: Waiting[] = [];
  for (const item of waiting) {
    const message = messageOf(item.draft);
    if (message === undefined) {
      left.push(item);
      continue;
    }
    const room = rooms.get(message.roomId);
    if (room) room.push({ message, resolve: item.resolve });
    else rooms.set(message.roomId, [{ message, resolve: item.resolve }]);
  }
  return { rooms, left };
}
