import type { ReactionDto } from "../../../../utils/contract/schemas/messages.ts";

/** One reaction as shown to the reader. */
export type Shown = { emoji: string; count: number; isMine: boolean; others: readonly string[] };

/** Returns the reactions to show: the server's with the user's pending ones applied. New ones come last. */
export function shownReactions(
  reactions: readonly ReactionDto[],
  { myId, mine = new Map() }: { myId: string | null; mine?: ReadonlyMap<string, boolean> | undefined },
): Shown[] {
  const shown = reactions.map(({ emoji, count, userIds }): Shown => {
    const wasMine = myId !== null && userIds.includes(myId);
    const isMine = mine.get(emoji) ?? wasMine;
    return { emoji, isMine, count: count + Number(isMine) - Number(wasMine), others: userIds.filter((id) => id !== myId) };
  });
  const added = [...mine].filter(([emoji, isOn]) => isOn && !reactions.some((one) => one.emoji === emoji));
  return [...shown, ...added.map(([emoji]): Shown => ({ emoji, count: 1, isMine: true, others: [] }))].filter(({ count }) => count > 0);
}
