type Turn = { spentMs: number; readonly waiting: (() => void)[] };

/**
 * Creates a scheduler that spends at most about `turnMs` per caller in one iteration of the event loop. The remaining work waits for the
 * next iterations, so that the server accepts connections and reads other requests between them. At least one work item runs per
 * iteration; the caller must limit how many may wait.
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
