/** A promise with its ends in hand (`Promise.withResolvers`, which not every Node we run on has). */
export type Deferred<T> = { readonly promise: Promise<T>; resolve(value: T): void; reject(reason: unknown): void };

export function deferred<T>(): Deferred<T> {
  let [resolve, reject]: [Deferred<T>["resolve"], Deferred<T>["reject"]] = [() => undefined, () => undefined];
  const promise = new Promise<T>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  // Who does not ask how it went must not be ended by it.
  promise.catch(() => undefined);
  return { promise, resolve: (value) => resolve(value), reject: (reason) => reject(reason) };
}
