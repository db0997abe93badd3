/** A value that is looked at and replaced. A page's signals are such, and so is a plain object. */
export type Value<T> = { value: T };

/** Runs several changes so that whoever watches sees them as one. */
export type RunBatched = (changes: () => void) => void;

export const unbatched: RunBatched = (changes) => changes();

/** A value that tells of its changes. */
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

/** Those who want to hear of something. */
export type Listeners<T> = {
  /** Answers how to stop. */
  add(hear: (news: T) => void): () => void;
  notify(news: T): void;
};

export function createListeners<T>(): Listeners<T> {
  const set = new Set<(news: T) => void>();
  return {
    add: (hear) => {
      set.add(hear);
      return () => set.delete(hear);
    },
    notify: (news) => {
      for (const hear of set) hear(news);
    },
  };
}
