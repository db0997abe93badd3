import { normalizeBounded } from "../../../../utils/contract/text/marks.ts";

/** Longer than the names of all members of a group together. */
const MAX_UNITS = 16_000;
/** Longer than any input that is typed to find a name. */
const MAX_INPUT_UNITS = 200;

const bounded = (text: string, max: number): string => normalizeBounded(text, "NFKD", max).replace(/\p{M}/gu, "").toLocaleLowerCase();

/** Returns the beginning of a text, normalized for comparison with typed input: without marks and in lower case. */
export const comparable = (text: string): string => bounded(text, MAX_UNITS);

/** Returns the same for input that is typed to find a name. */
export const comparableInput = (text: string): string => bounded(text, MAX_INPUT_UNITS);
