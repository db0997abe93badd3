/** Runs one thing at a time among all tabs that changes whose session this browser has. Not reentrant: what runs must not ask for it again. */
export const locked = async <Result>(run: () => Promise<Result>): Promise<Result> =>
  navigator.locks ? ((await navigator.locks.request("session", run)) as Result) : run();
