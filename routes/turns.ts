type Turn = { spentMs: number; readonly waiting: (() => void)[] };

/**
 * Creates a scheduler that works for each caller at most about `turnMs` in one turn of the event loop. What is left waits for
 * the next turns, so that between them the server accepts connections and reads what others sent. At least one piece of work
 * runs per turn; how many may wait is the caller's to bound.
 */
export function createTurns(turnMs: number): (caller: string, work: () => void) => void {
  const turns = new Map<string, Turn>();

  function run(turn: Turn, work: () => void): void {
    const startedAt = performance.now();
    work();
    turn.spentMs += performance.now() - startedAt;
  }

  function runWaiting(turn: Turn): void {
    turn.spentMs = 0;
    let done = 0;
    while (done < turn.waiting.length && turn.spentMs < turnMs) {
      const work = turn.waiting[done] as () => void;
      done += 1;
      run(turn, work);
    }
    turn.waiting.splice(0, done);
  }

  function nextTurn(): void {
    for (const [caller, turn] of turns) {
      if (turn.waiting.length === 0) turns.delete(caller);
      else runWaiting(turn);
    }
    if (turns.size > 0) setImmediate(nextTurn);
  }

  return (caller, work) => {
    if (turns.size === 0) setImmediate(nextTurn);
    const turn = turns.get(caller) ?? { spentMs: 0, waiting: [] };
    turns.set(caller, turn);
    if (turn.waiting.length > 0 || turn.spentMs >= turnMs) turn.waiting.push(work);
    else run(turn, work);
  };
}
