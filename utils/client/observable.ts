/** A mutable value: a signal of the page, or a plain object. */
export type Value<T> = { value: T };

/** Runs several changes as one, so that observers are notified only once. */
export type RunBatched = (changes: () => void) => void;

export const runDirectly: RunBatched = (changes) => changes();

/** Creates a value that calls `changed` when it changes. */
export function observable<T>(first: T, changed: (next: T) => void): Value<T> {
  let current = first;
  return {
    get value() {
      return current;
    },
    set value(next: T) {
      if (next === current) return;
      current = next;
      changed(next);
    },
  };
}

/** A set of listeners. */
export type Listeners<T> = {
  /** Adds a listener. Returns a function that removes it. */
  add(listener: (payload: T) => void): () => void;
  notify(payload: T): void;
};

/** Creates an empty set of listeners. */
export function createListeners<T>(): Listeners<T> {
  const set = new Set<(payload: T) => void>();
  return {
    add: (listener) => {
      set.add(listener);
      return () => set.delete(listener);
    },
    notify: (payload) => {
      for (const listener of set) listener(payload);
    },
  };
}
