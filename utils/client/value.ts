/** A value that is looked at and replaced. A page's signals are such, and so is a plain object. */
export type Value<T> = { value: T };

/** Runs several changes so that whoever watches sees them as one. */
export type Together = (changes: () => void) => void;

export const atOnce: Together = (changes) => changes();
