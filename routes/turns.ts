type Turn = { taken: number; waiting: (() => void)[] };

/**
 * Creates a scheduler that runs at most `perTurn` pieces of work of one caller in a turn of the event loop. What comes beyond
 * waits for the next turns, so that between them the server reads what others sent. The caller bounds how much may wait.
 */
export function createTurns(perTurn: number): (caller: string, work: () => void) => void {
  const turns = new Map<string, Turn>();

  function nextTurn(): void {
    for (const [caller, turn] of turns) {
      const works = turn.waiting.splice(0, perTurn);
      if (works.length === 0) turns.delete(caller);
      turn.taken = works.length;
      for (const work of works) work();
    }
    if (turns.size > 0) setImmediate(nextTurn);
  }

  return (caller, work) => {
    if (turns.size === 0) setImmediate(nextTurn);
    const turn = turns.get(caller) ?? { taken: 0, waiting: [] };
    turns.set(caller, turn);
    if (turn.taken >= perTurn) return void turn.waiting.push(work);
    turn.taken += 1;
    work();
  };
}
