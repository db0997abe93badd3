/** Serializes actions that change the browser's session across all tabs. Not reentrant: an action must not acquire the lock again. */
export const locked = async <Result>(run: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? ((await navigator.locks.request("session", run)) as Result) : run();
