/** Whether this tab holds the lock already, which is not reentrant. */
let isLocked = false;

/** Runs one thing at a time among all tabs that changes whose session this browser has. */
export async function locked<Result>(run: () => Promise<Result>): Promise<Result> {
  if (isLocked || !navigator.locks) return run();
  return (await navigator.locks.request("session", async () => {
    isLocked = true;
    try {
      return await run();
    } finally {
      isLocked = false;
    }
  })) as Result;
}
