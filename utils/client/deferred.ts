/** A promise with its resolve and reject functions (`Promise.withResolvers`, which not every supported version of Node has). */
export type Deferred<T> = { readonly promise: Promise<T>; resolve(value: T): void; reject(reason: unknown): void };

/** Creates a deferred promise. */
export function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => undefined;
  let reject: Deferred<T>["reject"] = () => undefined;
  const promise = new Promise<T>((fulfill, fail) => {
    resolve = fulfill;
    reject = fail;
  });
  // Prevent an unhandled rejection if the promise is never awaited.
  promise.catch(() => undefined);
  return { promise, resolve: (value) => resolve(value), reject: (reason) => reject(reason) };
}
